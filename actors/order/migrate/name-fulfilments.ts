/** Records of release 1 copied store and commission onto what was given back; they name the fulfilment by its position now. */
import type { Allowance, GivenBack, Obligation, OrderRecord } from '../record.ts';

interface Copied {
  readonly store: string;
  readonly commission: string;
}

type Before<T extends { fulfilment: number }> = Omit<T, 'fulfilment'> & Copied;

/** Gives back the same record where there is nothing to do. */
export function nameFulfilments(record: OrderRecord): OrderRecord {
  const obligations = record.obligations as readonly (Omit<Obligation, 'pieces' | 'allowances'> & {
    readonly pieces: readonly (GivenBack | Before<GivenBack>)[];
    readonly allowances: readonly (Allowance | Before<Allowance>)[];
  })[];
  const isNamed = obligations.every(({ pieces, allowances }) =>
    [...pieces, ...allowances].every((part) => 'fulfilment' in part),
  );
  if (isNamed) return record;
  const named = <T extends { line: number; fulfilment: number }>(part: T | (Before<T> & { line: number })): T =>
    'fulfilment' in part ? (part as T) : withFulfilment<T>(record, part);
  return {
    ...record,
    obligations: obligations.map((obligation) => ({
      ...obligation,
      pieces: obligation.pieces.map((piece) => named<GivenBack>(piece)),
      allowances: obligation.allowances.map((allowance) => named<Allowance>(allowance)),
    })),
  };
}

/** Any fulfilment of that store that had the line under that commission: the share is reckoned by store, line and rule. */
function withFulfilment<T extends { fulfilment: number }>(record: OrderRecord, part: Before<T> & { line: number }): T {
  const { store, commission, ...rest } = part;
  const fulfilment = record.fulfilments.findIndex(
    (known) =>
      known.store === store &&
      known.terms?.commission === commission &&
      known.lines.some(({ line }) => line === part.line),
  );
  if (fulfilment < 0) throw new Error(`${record.id}: no fulfilment of ${store} had line ${part.line}`);
  return { ...rest, fulfilment } as unknown as T;
}
