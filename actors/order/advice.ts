/** What a person may do about money that was not taken: what is said of it is true as long as it is on the list. */
import type { Attention } from '../../protocols/views.ts';
import { WITHOUT_MONEY } from './attention.ts';
import { awaitingFunds } from './awaiting-funds.ts';
import type { Books } from './ledger.ts';
import { at, type OrderRecord } from './record.ts';
import { paysForGoods } from './still-to-capture.ts';
import { isWantedInPart, wantedApart } from './wanted-apart.ts';

export const ASKS_AGAIN = '; retry asks again under another key, request-payment asks the customer for it';
export const FOR_NO_GOODS = '; it pays for no goods that are still wanted: nothing asks for it again';
/** Others pay for its goods too, or may yet: what is wanted of them can't be told apart. */
export const NOT_IN_PART =
  "some of its goods are not wanted any more, and it can't be asked for in part: it ends when the others are cancelled, or come back";
const ADVICE = [ASKS_AGAIN, FOR_NO_GOODS, `; ${NOT_IN_PART}`];

/** Goods were cancelled since it was said. */
export function planAdvice(record: OrderRecord): Books {
  const attention = record.attention.flatMap((known) => (isOver(record, known) ? [] : [advised(record, known)]));
  const isSame =
    attention.length === record.attention.length &&
    attention.every((known, index) => known === record.attention[index]);
  return { record: isSame ? record : { ...record, attention }, effects: [] };
}

/** Of a fulfilment none of whose goods wait for money any more. */
function isOver(record: OrderRecord, { code, about }: Attention): boolean {
  if (!WITHOUT_MONEY.includes(code) || !record.fulfilments.some(({ id }) => id === about)) return false;
  return !awaitingFunds(record).some(({ fulfilment }) => fulfilment === about);
}

function advised(record: OrderRecord, known: Attention): Attention {
  const said = ADVICE.find((advice) => known.reason.endsWith(advice));
  const position = record.ledger.findIndex(({ key }) => key === known.about);
  if (said === undefined || position < 0) return known;
  const advice = adviceOn(record, position);
  return advice === said ? known : { ...known, reason: known.reason.slice(0, -said.length) + advice };
}

function adviceOn(record: OrderRecord, position: number): string {
  if (!paysForGoods(record, at(record.ledger, position).with ?? position)) return FOR_NO_GOODS;
  return isWantedInPart(record, position) && !wantedApart(record, position) ? `; ${NOT_IN_PART}` : ASKS_AGAIN;
}
