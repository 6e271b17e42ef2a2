/** The audit of an account over many looks: what it reads, and when it tells. */
import { expect, test } from 'vitest';
import type { AttributionRow } from '../../../protocols/attribution.ts';
import { encode } from '../../../protocols/codec.ts';
import type { LedgerDifference } from '../../../protocols/internal.ts';
import type { BookedMessage } from '../../../supervisor/feed/booked-rows.ts';
import { AccountAudit, type AuditPorts } from '../../../supervisor/reconcile/account-audit.ts';
import { VirtualClock } from '../gateway/virtual-clock.ts';
import { row } from '../report/rows.ts';

const LOOK_MS = 1000;

const captured = (account: string, changes: Partial<AttributionRow> = {}) =>
  row({ row: '1', entry: 'A1-c1', account, gross: 8814, ...changes });

function message(sequence: number, booked: AttributionRow): BookedMessage {
  const { order, at } = booked;
  return { sequence, bytes: encode({ order, at, revision: 1, rows: [booked] }, 'json') };
}

/** Of `main`, where nothing moved; a page of the ledger has one message. */
function start(ledger: readonly BookedMessage[], ports: Partial<AuditPorts> = {}) {
  const clock = new VirtualClock();
  const told: LedgerDifference[] = [];
  const audit = new AccountAudit(
    'main',
    {
      clock,
      movements: async () => ({ movements: [], size: 0 }),
      standing: async () => undefined,
      booked: async (after) => ledger.filter(({ sequence }) => sequence > after).slice(0, 1),
      tell: async (_, news) => void told.push(news),
      ...ports,
    },
    { everyMs: LOOK_MS, graceMs: 0 },
  );
  audit.start();
  return { clock, told, audit };
}

test('what the ledger has and the gateway has not is told; what is of another account is that account’s', async () => {
  const ledger = [message(1, captured('main')), message(2, captured('other', { entry: 'A2-c1', order: 'A2' }))];
  const { clock, told, audit } = start(ledger);
  await clock.advance(2 * LOOK_MS);
  const difference = { account: 'main', order: 'A1', entry: 'A1-c1', currency: 'EUR', ledger: 8814, gateway: 0 };
  expect(told).toEqual([difference]);
  expect(audit.status()).toEqual({ catchingUp: false, differences: [difference], count: 1 });
});

test('a side that can’t be read is read at the next look', async () => {
  const ledger = [message(1, captured('main'))];
  let reads = 0;
  const { clock, told } = start(ledger, {
    booked: async (after) => {
      reads += 1;
      if (reads === 1) throw new Error('no answer');
      return ledger.filter(({ sequence }) => sequence > after);
    },
  });
  await clock.advance(LOOK_MS);
  expect([reads, told]).toEqual([1, []]);
  await clock.advance(LOOK_MS);
  expect(told).toHaveLength(1);
});

test('nothing is told before both sides are read to their end', async () => {
  // Of each entry there is a row at the end that takes it back.
  const entries = Array.from({ length: 25 }, (_, n) => `A1-c${n + 1}`);
  const both = [8814, -8814].flatMap((gross) => entries.map((entry) => ({ entry, gross })));
  const { clock, told, audit } = start(both.map((of, index) => message(index + 1, captured('main', of))));
  await clock.advance(LOOK_MS);
  expect([audit.status(), told]).toEqual([{ catchingUp: true, differences: [], count: 0 }, []]);
  await clock.advance(5 * LOOK_MS);
  expect([audit.status().catchingUp, told]).toEqual([false, []]);
});
