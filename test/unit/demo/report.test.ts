import { describe, expect, test } from 'vitest';
import type { OrderView } from '../../../protocols/views.ts';
import { type Books, reconcile } from '../../../supervisor/demo/books.ts';
import { weekReport } from '../../../supervisor/demo/report.ts';
import { readWeek } from '../../../supervisor/sample/read-week.ts';
import { LEFT_OUT_RULES, TRADE_RULES } from '../../../supervisor/sample/rules.ts';
import { weekToTrade } from '../../../supervisor/sample/week-to-trade.ts';

const at = '2026-11-23T09:00:00Z';
const trade = weekToTrade(readWeek(), new Date(at));
const order: OrderView = {
  order: 'A',
  revision: 1,
  state: 'fulfilled',
  channel: 'web',
  currency: 'GBP',
  placedAt: at,
  fulfilment: 'ship',
  totals: {
    ordered: 1000,
    authorised: 1000,
    captured: 1000,
    refunded: 0,
    voided: 0,
    attributed: 0,
    open: { capture: 0, refund: 0, payout: 0 },
  },
  fulfilments: [],
  lines: [],
  ledger: [{ entry: 'A-c1', kind: 'capture', amount: 1000, state: 'confirmed', party: 'customer', at }],
  parties: { headquarters: 1000 },
  sourcing: [],
  capturing: [],
  attention: [{ code: 'refund-failed', about: 'A-r1', reason: 'no answer', at }],
};
const capture = {
  key: 'A-c1',
  kind: 'capture',
  order: 'A',
  transaction: 'tx-A',
  method: 'visa',
  amount: 1000,
  currency: 'GBP',
  outcome: 'ok',
  at,
} as const;

function report(books: Books): string {
  const commands = new Map([
    ['order place', { applied: 1, rejected: new Map([['wrong-state', { count: 2, example: 'B: it is closed' }]]) }],
  ]);
  return weekReport({
    trade,
    commands,
    orders: [order],
    returns: [],
    gatewayCalls: 1,
    books,
    tradedMs: 2000,
    totalMs: 3000,
  });
}

describe('the report of the week', () => {
  const text = report(reconcile([order], [capture]));

  test('says that the books balance, with the figures', () => {
    expect(text).toContain(
      '  THE BOOKS BALANCE: Σ parties 10.00 GBP = captured − refunded 10.00 GBP = moved 10.00 GBP\n',
    );
  });

  test('says where they do not, and on which orders', () => {
    const broken = report(reconcile([order], [capture, { ...capture, amount: 1 }]));
    expect(broken).toContain('  THE BOOKS DO NOT BALANCE: Σ parties 10.00 GBP = captured − refunded 10.00 GBP ≠ moved');
    expect(broken).toContain(
      '  BROKEN: captured − refunded = moved by the gateway and the tills: 10.00 GBP against 10.01 GBP\n',
    );
    expect(broken).toContain('  the journal differs on orders A\n');
  });

  test('lists what was rejected and what needs attention by code, with an example', () => {
    expect(text).toMatch(/order place +1 applied {2}2 wrong-state \(B: it is closed\)/);
    expect(text).toContain('  1 × refund-failed\n      order A, A-r1: no answer\n');
    expect(text).toContain('3 commands traded in 2.0 s (2 commands/s)');
  });

  test('states the rules of the sample, and each reason for leaving a line out', () => {
    for (const rule of TRADE_RULES) expect(text).toContain(rule);
    for (const { reason } of trade.account.leftOut) expect(text).toContain(LEFT_OUT_RULES[reason]);
  });
});
