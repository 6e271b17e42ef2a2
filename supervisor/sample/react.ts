/**
 * The terminals of one order: what they send next when they hear something. Pure. Hearing the same again sends nothing new.
 *
 * R1 Goods are handed over only after `captured` was heard for their fulfilment, or at the till.
 * R2 A cancellation of what is ready and paid waits until all of the order is.
 * R3 A return is sent once the units that it takes back are handed over, or the order is done.
 */
import { type Assigned, onAssigned, onFunded, onReadyAtTill, type Units, without } from './clerk.ts';
import type { Heard } from './hear.ts';
import type { Journey } from './journey.ts';
import { returnScript } from './return-script.ts';
import type { SampleCommand } from './sample-command.ts';

type Work = Assigned & { step: 'preparing' | 'paid' | 'leaving' | 'handed-over' | 'gone' };

export type JourneyState = {
  placed: 'sent' | 'applied' | 'rejected';
  cancellation: 'none' | 'sent' | 'settled';
  /** By fulfilment. */
  work: Readonly<Record<string, Work>>;
  /** The order will not move any more. */
  done: boolean;
  /** What is still to be sent for each return, the first of them on its way; null before they are started. */
  returns: Readonly<Record<string, readonly SampleCommand[]>> | null;
};

export type Reaction = { state: JourneyState; commands: SampleCommand[] };

const FINAL_EVENTS: ReadonlySet<string> = new Set(['fulfilled', 'cancelled', 'closed']);
/** Heard before the order says that it is done. */
const DEPARTURES: ReadonlySet<string> = new Set(['handed-over', 'sold']);
const HAND_OVERS: ReadonlySet<string> = new Set(['ship', 'collect', 'sell']);

export const JOURNEY_START: JourneyState = {
  placed: 'sent',
  cancellation: 'none',
  work: {},
  done: false,
  returns: null,
};

export function react(journey: Journey, state: JourneyState, heard: Heard): Reaction {
  const { state: next, commands } = dispatch(journey, state, heard);
  if (!returnsAreDue(journey, next)) return { state: next, commands };
  const started = startReturns(journey, next);
  return { state: started.state, commands: [...commands, ...started.commands] };
}

/** Nothing of this journey is to be expected any more. */
export function isOver(state: JourneyState): boolean {
  if (state.placed === 'rejected') return true;
  return state.done && Object.values(state.returns ?? {}).every((script) => script.length === 0);
}

function dispatch(journey: Journey, state: JourneyState, heard: Heard): Reaction {
  if (heard.entity === 'return') return onReturnOutcome(state, heard);
  if (heard.origin === null) return onEvent(journey, state, heard);
  if (heard.name === 'assigned') return onWork(journey, state, heard, heard.origin);
  if (heard.name === 'withdrawn') return handOverPaid(journey, withdraw(state, heard));
  return onOrderOutcome(journey, state, heard);
}

function onEvent(journey: Journey, state: JourneyState, { name, payload }: Heard): Reaction {
  if (FINAL_EVENTS.has(name)) return silent({ ...state, done: true });
  if (DEPARTURES.has(name)) return silent(moveWork(state, payload.fulfilment, 'handed-over', 'leaving'));
  if (name !== 'captured') return silent(state);
  const paid = moveWork(state, payload.fulfilment, 'paid', 'preparing');
  return paid === state ? silent(state) : handOverPaid(journey, paid);
}

function onWork(journey: Journey, state: JourneyState, { payload }: Heard, store: string): Reaction {
  const { fulfilment, lines } = payload;
  if (typeof fulfilment !== 'string' || !Array.isArray(lines) || state.work[fulfilment] !== undefined)
    return silent(state);
  const assigned: Assigned = {
    fulfilment,
    store,
    lines: (lines as Units[]).map(({ line, quantity }) => ({ line, quantity })),
  };
  const { commands, prepared } = onAssigned(journey, assigned);
  const work: Work = { ...assigned, lines: prepared, step: prepared.length > 0 ? 'preparing' : 'gone' };
  return { state: { ...state, work: { ...state.work, [fulfilment]: work } }, commands };
}

/** The system wants a part of the work no more, or none of it. */
function withdraw(state: JourneyState, { payload }: Heard): JourneyState {
  const { fulfilment, lines } = payload;
  const work = typeof fulfilment === 'string' ? state.work[fulfilment] : undefined;
  if (work === undefined || work.step === 'handed-over') return state;
  const left = Array.isArray(lines) ? without(work.lines, lines as Units[]) : [];
  const changed: Work = { ...work, lines: left, step: left.length > 0 ? work.step : 'gone' };
  return { ...state, work: { ...state.work, [work.fulfilment]: changed } };
}

function onOrderOutcome(journey: Journey, state: JourneyState, { name, payload }: Heard): Reaction {
  const applied = payload.outcome === 'applied';
  if (name === 'place' && state.placed === 'sent') return onPlaced(journey, state, applied);
  if (name === 'cancel' && state.cancellation === 'sent') return onCancelled(journey, state, applied);
  const work = Object.values(state.work).find(({ fulfilment }) => String(payload.command).endsWith(`.${fulfilment}`));
  if (!applied || work === undefined) return silent(state);
  if (name === 'ready' && journey.placed.place.fulfilment === 'reserve-and-collect' && work.step === 'preparing') {
    return { state: moveWork(state, work.fulfilment, 'leaving'), commands: [onReadyAtTill(journey, work)] };
  }
  return silent(HAND_OVERS.has(name) ? moveWork(state, work.fulfilment, 'handed-over', 'leaving') : state);
}

function onPlaced({ cancellation }: Journey, state: JourneyState, applied: boolean): Reaction {
  if (!applied) return silent({ ...state, placed: 'rejected' });
  if (cancellation?.when !== 'at-once') return silent({ ...state, placed: 'applied' });
  return { state: { ...state, placed: 'applied', cancellation: 'sent' }, commands: [cancellation.command] };
}

function onCancelled(journey: Journey, state: JourneyState, applied: boolean): Reaction {
  const settled: JourneyState = { ...state, cancellation: 'settled' };
  if (!applied || !journey.cancellation?.whole) return handOverPaid(journey, settled);
  return silent(settled);
}

function onReturnOutcome(state: JourneyState, { id, payload }: Heard): Reaction {
  const script = state.returns?.[id];
  if (script === undefined || script[0]?.id !== payload.command) return silent(state);
  const left = payload.outcome === 'applied' ? script.slice(1) : [];
  return { state: { ...state, returns: { ...state.returns, [id]: left } }, commands: left.slice(0, 1) };
}

/** While a cancellation is on its way nothing leaves the store. */
function handOverPaid(journey: Journey, state: JourneyState): Reaction {
  if (state.cancellation === 'sent') return silent(state);
  const work = Object.values(state.work);
  const paid = work.filter(({ step }) => step === 'paid');
  const { cancellation } = journey;
  if (paid.length > 0 && cancellation?.when === 'when-ready' && state.cancellation === 'none') {
    if (work.some(({ step }) => step === 'preparing')) return silent(state);
    return { state: { ...state, cancellation: 'sent' }, commands: [cancellation.command] };
  }
  return {
    state: paid.reduce((moved, { fulfilment }) => moveWork(moved, fulfilment, 'leaving'), state),
    commands: paid.map((work) => onFunded(journey, work)),
  };
}

function returnsAreDue({ returns }: Journey, state: JourneyState): boolean {
  if (state.returns !== null || returns.length === 0) return false;
  if (state.done) return true;
  const held = unitsHeld(state);
  const wanted = new Map<string, number>();
  for (const { line, quantity } of returns.flatMap(({ lines }) => lines))
    wanted.set(line, (wanted.get(line) ?? 0) + quantity);
  return [...wanted].every(([line, quantity]) => (held[line] ?? 0) >= quantity);
}

function startReturns(journey: Journey, state: JourneyState): Reaction {
  const held = unitsHeld(state);
  const scripts: Record<string, SampleCommand[]> = {};
  for (const planned of journey.returns) {
    scripts[planned.id] = returnScript(journey, planned, held);
    for (const { line, quantity } of planned.lines) held[line] = Math.max(0, (held[line] ?? 0) - quantity);
  }
  return {
    state: { ...state, returns: scripts },
    commands: Object.values(scripts).flatMap((script) => script.slice(0, 1)),
  };
}

function unitsHeld(state: JourneyState): Record<string, number> {
  const held: Record<string, number> = {};
  for (const { step, lines } of Object.values(state.work)) {
    if (step !== 'handed-over') continue;
    for (const { line, quantity } of lines) held[line] = (held[line] ?? 0) + quantity;
  }
  return held;
}

function moveWork(state: JourneyState, fulfilment: unknown, step: Work['step'], from?: Work['step']): JourneyState {
  const work = typeof fulfilment === 'string' ? state.work[fulfilment] : undefined;
  if (work === undefined || (from !== undefined && work.step !== from)) return state;
  return { ...state, work: { ...state.work, [work.fulfilment]: { ...work, step } } };
}

function silent(state: JourneyState): Reaction {
  return { state, commands: [] };
}
