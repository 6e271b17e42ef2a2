/**
 * Goodwill: money back while the customer keeps the goods. Each store's part is reduced in proportion to what it holds of the
 * line; goodwill on the whole order is spread over lines and shipping by what is left of them.
 */

import { castDraft, create } from 'mutative';
import type { Message } from '../../../protocols/actor.ts';
import type { OrderCommands } from '../../../protocols/commands.ts';
import { formatMinor } from '../../../protocols/currency.ts';
import { refuse, type Verdict } from '../../chart.ts';
import { allocate } from '../../money/allocate.ts';
import { type Allowance, at, type Obligation, type OrderRecord, positionOf } from '../record.ts';
import { type HeldLine, heldLines, refundable, refundableOfLine, refundableShipping } from './refundable.ts';

export function refund(record: OrderRecord, { payload }: Message<OrderCommands['refund']>): Verdict<OrderRecord> {
  const { amount, line, reason } = payload;
  const position = line === undefined ? undefined : positionOf(record, line);
  if (line !== undefined && position === undefined)
    return refuse('unknown-line', `order ${record.id} has no line ${line}`);
  const held = heldLines(record);
  const ofLine = position === undefined ? Number.POSITIVE_INFINITY : refundableOfLine(record, held, position);
  const most = Math.min(refundable(record), ofLine);
  if (amount > most) {
    const [wanted, left] = [amount, most].map((of) => formatMinor(of, record.currency));
    return refuse('exceeds-captured', `${wanted} of ${left} that can be refunded`);
  }
  const spread =
    position === undefined ? spreadOver(record, held, amount) : { lines: new Map([[position, amount]]), shipping: 0 };
  const obligation: Obligation = {
    cause: 'goodwill',
    amount,
    shipping: spread.shipping,
    pieces: [],
    allowances: [...spread.lines].flatMap(([of, part]) => allowancesOn(of, part, held.get(of))),
    reasons: [{ reason }],
  };
  const next = create(record, (draft) => {
    for (const [of, part] of spread.lines) at(draft.lines, of).goodwill += part;
    draft.obligations.push(castDraft(obligation));
  });
  const granted = { amount, reason, ...(line === undefined ? {} : { line }) };
  return { record: next, effects: [{ effect: 'event', name: 'refund-granted', payload: granted }] };
}

interface Spread {
  lines: Map<number, number>;
  shipping: number;
}

/** What is beyond lines and shipping (a fee that was kept from a refund) is headquarters' alone. */
function spreadOver(record: OrderRecord, held: ReadonlyMap<number, HeldLine>, amount: number): Spread {
  const positions = [...held.keys()];
  const weights = positions.map((position) => refundableOfLine(record, held, position));
  weights.push(refundableShipping(record));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const shares = allocate(Math.min(amount, total), weights);
  const lines = new Map<number, number>();
  positions.forEach((position, index) => {
    const share = at(shares, index);
    if (share > 0) lines.set(position, share);
  });
  return { lines, shipping: at(shares, positions.length) };
}

function allowancesOn(line: number, amount: number, held: HeldLine | undefined): Allowance[] {
  if (!held) return [];
  const shares = allocate(
    amount,
    held.parts.map(({ gross }) => gross),
  );
  return held.parts.map(({ fulfilment }, index) => ({ line, fulfilment, amount: at(shares, index) }));
}
