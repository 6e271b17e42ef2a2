/**
 * `inspect`: decides received units, in as many parts as it likes. Accepted ones are claimed from the order; of them only those
 * that `restock` names go back on a shelf: what is not said to be fit for sale is not sold again.
 */
import type { Effect, Message, Refusal } from '../../protocols/actor.ts';
import type { ReturnCommands } from '../../protocols/commands.ts';
import { extended } from '../../protocols/extended.ts';
import type { ToOrder, ToStore } from '../../protocols/internal.ts';
import { refuse, type Verdict } from '../chart.ts';
import { goodsElsewhere } from './clerk.ts';
import { namedLines, withLines } from './named-lines.ts';
import { feesFor, givesShippingBack, type ReturnPolicy } from './policy.ts';
import { about, type ReturnLine, type ReturnRecord, type SentUnits, undecided } from './record.ts';

type Inspect = ReturnCommands['inspect'];

interface Decision {
  line: ReturnLine;
  accepted: number;
  rejected: number;
  restock: number;
}

export function inspect(policy: ReturnPolicy, record: ReturnRecord, message: Message<Inspect>): Verdict<ReturnRecord> {
  const { payload } = message;
  const refusal = goodsElsewhere(record, message) ?? brokenRule(record, payload);
  if (refusal) return refusal;
  const lines = namedLines(record, payload.lines);
  if ('refuse' in lines) return lines;
  const decisions = lines.named.map(({ item: { accepted, rejected = 0, restock = 0 }, line }): Decision => {
    return { line, accepted, rejected, restock };
  });
  for (const { line, accepted, rejected } of decisions) {
    const most = undecided(line);
    if (accepted + rejected > most) {
      return refuse('exceeds-received', `line ${line.line}: ${accepted + rejected} of ${most}`);
    }
  }
  return decide(
    policy,
    record,
    payload,
    decisions.filter(({ accepted, rejected }) => accepted + rejected > 0),
  );
}

function brokenRule(record: ReturnRecord, { lines, exchange }: Inspect): { refuse: Refusal } | undefined {
  const position = lines.findIndex(({ accepted, restock = 0 }) => restock > accepted);
  if (position >= 0) return refuse('invalid-payload', `lines[${position}].restock: must not exceed accepted`);
  if (!lines.some(({ accepted, rejected = 0 }) => accepted + rejected > 0)) {
    return refuse('invalid-payload', 'lines: must decide at least one unit');
  }
  if (exchange === undefined || exchange === (record.exchange ?? exchange)) return undefined;
  return refuse('invalid-payload', `exchange: ${record.id} is exchanged for ${record.exchange}`);
}

function decide(
  policy: ReturnPolicy,
  record: ReturnRecord,
  payload: Inspect,
  decisions: readonly Decision[],
): Verdict<ReturnRecord> {
  const exchange = payload.exchange ?? record.exchange;
  const exchanged = exchange === undefined ? {} : { exchange };
  const claim: ToOrder['claim'] = {
    return: record.id,
    claim: record.claims + 1,
    lines: decisions.map(({ line: { line, reason }, accepted, rejected }) => ({
      ...{ line, accepted, rejected },
      ...(reason === undefined ? {} : { reason }),
    })),
    ...termsOf(policy, record, payload, decisions),
    ...(record.store === undefined ? {} : { store: record.store }),
    ...(record.by === 'mail' ? { byMail: true as const } : {}),
    ...exchanged,
  };
  const decided = decisions.map(({ line, accepted, rejected }) => ({
    ...line,
    accepted: line.accepted + accepted,
    rejected: line.rejected + rejected,
  }));
  return {
    record: { ...withLines(record, decided), ...exchanged, claims: claim.claim },
    effects: [
      { effect: 'send', entity: 'order', id: record.order, name: 'claim', payload: claim },
      ...restocks(policy, record, decisions),
      inspected(record, claim, decisions),
    ],
  };
}

/** Shipping and fee: as the command says, else by policy. */
function termsOf(
  policy: ReturnPolicy,
  { lines, currency }: ReturnRecord,
  { refundShipping, fee }: Inspect,
  decisions: readonly Decision[],
): Pick<ToOrder['claim'], 'refundShipping' | 'shippingWhenAllReturned' | 'fee' | 'fees'> {
  const now = decisions.flatMap(({ line, accepted }) => (accepted > 0 ? [line.reason] : []));
  const before = lines.flatMap(({ accepted, reason }) => (accepted > 0 ? [reason] : []));
  const whenAll = refundShipping === undefined && policy.refundShipping === 'when-all-returned';
  const fees = fee === undefined ? feesFor(policy, { now, before, currency }) : [];
  return {
    refundShipping: refundShipping ?? givesShippingBack(policy, now),
    ...(whenAll ? { shippingWhenAllReturned: true } : {}),
    fee: fee ?? fees.reduce((sum, { amount }) => sum + amount, 0),
    ...(fees.length > 0 ? { fees } : {}),
  };
}

/** Where no store took the goods, they go back to the one that sent them. */
function restocks({ stockGoesTo }: ReturnPolicy, record: ReturnRecord, decisions: readonly Decision[]): Effect[] {
  const byStore = new Map<string, Map<string, number>>();
  for (const { line, restock } of decisions) {
    if (restock === 0) continue;
    const taker = stockGoesTo === 'taker' ? record.store : undefined;
    for (const { store, quantity } of taker === undefined
      ? sentUnits(line, restock)
      : [{ store: taker, quantity: restock }]) {
      const items = byStore.get(store) ?? new Map<string, number>();
      byStore.set(store, items.set(line.sku, (items.get(line.sku) ?? 0) + quantity));
    }
  }
  return [...byStore].map(([store, units]) => {
    const items = [...units].map(([sku, quantity]) => ({ sku, quantity }));
    const payload: ToStore['restock'] = { return: record.id, order: record.order, items };
    return { effect: 'send', entity: 'store', id: store, name: 'restock', payload };
  });
}

/** Who sent the next `count` units that are decided. */
function sentUnits({ sentBy, accepted, rejected }: ReturnLine, count: number): SentUnits[] {
  let before = accepted + rejected;
  let left = count;
  return sentBy.flatMap(({ store, quantity }) => {
    const skipped = Math.min(before, quantity);
    before -= skipped;
    const here = Math.min(left, quantity - skipped);
    left -= here;
    return here > 0 ? [{ store, quantity: here }] : [];
  });
}

function inspected(record: ReturnRecord, claim: ToOrder['claim'], decisions: readonly Decision[]): Effect {
  const { return: _, lines: __, ...terms } = claim;
  const lines = decisions.map(({ line, accepted, rejected, restock }) => {
    return { line: line.line, sku: line.sku, accepted, rejected, restock };
  });
  return { effect: 'event', name: 'inspected', payload: extended(extended(about(record), terms), { lines }) };
}
