/** What headquarters owes a store, before, during and after a period: its shares less what was settled with it. */
import Type from 'typebox';
import { narrowing, PERIOD, reader, Text } from './asked.ts';
import type { Question } from './question.ts';
import type { Found } from './report-file.ts';
import { sumsOf } from './summary-question.ts';

export const ASKED = Type.Object({ store: Text, ...PERIOD });
const read = reader(ASKED);

/** Of one currency. */
interface Statement {
  currency: string;
  /** Positive: headquarters owes the store. */
  opening: number;
  movements: Omit<Found, 'currency'>[];
  storeShare: number;
  settled: number;
  /** opening + storeShare − settled. */
  closing: number;
  /** By the store, at the end of the period: its next payouts are netted with it. It is a part of the closing balance. */
  owes: number;
}

export const statement: Question = async (world, request) => {
  const { store, from, to } = read(request);
  const { sql, values } = narrowing({ from, to, party: store });
  const statements = new Map<string, Statement>();
  const of = (currency: string): Statement => {
    const known = statements.get(currency);
    if (known) return known;
    const fresh = { currency, opening: 0, movements: [], storeShare: 0, settled: 0, closing: 0, owes: 0 };
    statements.set(currency, fresh);
    return fresh;
  };
  if (from !== undefined) {
    const before = narrowing({ party: store, to: from });
    const owed = await world.read(
      `SELECT currency, sum("storeShare" - settled) AS opening FROM booked WHERE ${before.sql} GROUP BY ALL ORDER BY ALL`,
      before.values,
    );
    for (const { currency, opening } of owed) of(String(currency)).opening = Number(opening);
  }
  const found = await world.read(
    `SELECT currency, movement, ${sumsOf({ byMovement: true })} FROM booked WHERE ${sql} GROUP BY ALL ORDER BY ALL`,
    values,
  );
  for (const { currency, ...movement } of found) {
    const known = of(String(currency));
    known.movements.push(movement);
    known.storeShare += Number(movement.storeShare);
    known.settled += Number(movement.settled);
  }
  const until = narrowing({ party: store, to });
  const debts = await world.read(
    `SELECT currency, -sum(netted) AS owes FROM booked WHERE netted IS NOT NULL AND ${until.sql} GROUP BY ALL ORDER BY ALL`,
    until.values,
  );
  for (const { currency, owes } of debts) of(String(currency)).owes = Number(owes);
  return { store, statements: [...statements.values()].map(closed) };
};

function closed(open: Statement): Statement {
  return { ...open, closing: open.opening + open.storeShare - open.settled };
}
