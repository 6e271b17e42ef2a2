/** What a terminal reads from the public subjects `out.…` and `event.…`. */

export type Heard = {
  /** `out.<origin>.…` names who it is for; an event is for everybody. */
  origin: string | null;
  entity: string;
  id: string;
  name: string;
  payload: Readonly<Record<string, unknown>>;
};

export function hear(subject: string, payload: unknown): Heard | undefined {
  if (typeof payload !== 'object' || payload === null) return undefined;
  const [prefix, ...tokens] = subject.split('.');
  const origin = prefix === 'out' ? tokens.shift() : null;
  const [entity, id, name, ...rest] = tokens;
  if ((prefix !== 'out' && prefix !== 'event') || origin === undefined || !entity || !id || !name || rest.length > 0) {
    return undefined;
  }
  return { origin, entity, id, name, payload: payload as Record<string, unknown> };
}
