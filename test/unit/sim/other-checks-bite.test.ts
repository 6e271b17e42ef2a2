/** What the simulator looks at of outcomes, stores and what they owe is seen: each check finds what breaks it. */
import { describe, expect, test } from 'vitest';
import type { Page } from '../../../actors/store/holdings.ts';
import type { StoreRecord } from '../../../actors/store/record.ts';
import { encode } from '../../../protocols/codec.ts';
import type { LogEntry } from '../../../supervisor/turn/ports.ts';
import { checkDebts } from '../../sim/money-at-rest.ts';
import { OutcomeInvariants } from '../../sim/outcome-invariants.ts';
import { checkReservations, checkStock } from '../../sim/stock-invariants.ts';
import { StoreViews } from '../../sim/store-views.ts';
import { changed, type Edit, ORDER, of } from './traded-order.ts';

const command = (payload: object, messageId = 'c1'): LogEntry => ({
  log: 'commands',
  partition: 0,
  sequence: 1,
  subject: 'cmd.0.order.A1.cancel.channel-web',
  bytes: encode(payload, 'json'),
  messageId,
  contentType: undefined,
  trace: undefined,
  at: 0,
});

const APPLIED = { outcome: 'applied' };
const REUSED = { outcome: 'rejected', code: 'command-id-reused' };

function found(commands: LogEntry[], ...outcomes: object[]): string[] {
  const invariants = new OutcomeInvariants();
  for (const outcome of outcomes) {
    const payload = { command: 'c1', ...outcome };
    invariants.heard({ origin: 'channel-web', entity: 'order', id: 'A1', name: 'cancel', payload });
  }
  return invariants.check(commands);
}

describe('of outcomes', () => {
  const [one, other] = [command({ reason: 'a' }), command({ reason: 'b' })];

  test('one for each command, however often it came, and one for another content, are right', () => {
    expect(found([one], APPLIED)).toEqual([]);
    expect(found([one, one], APPLIED)).toEqual([]);
    expect(found([one, other], APPLIED, REUSED)).toEqual([]);
    expect(found([one, other, other], APPLIED, REUSED, REUSED)).toEqual([]);
  });

  test.each<[what: string, commands: LogEntry[], outcomes: object[]]>([
    ['none', [one], []],
    ['two of one', [one], [APPLIED, APPLIED]],
    ['two of one that came twice', [one, one], [APPLIED, APPLIED]],
    ['another content that nobody is told of', [one, other], [APPLIED]],
    ['another content that is applied too', [one, other], [APPLIED, APPLIED]],
    ['two of one, the second as if it were another content', [one], [APPLIED, REUSED]],
    ['one of nothing', [], [APPLIED]],
  ])('%s', (_, commands, outcomes) => {
    expect(found(commands, ...outcomes)).not.toEqual([]);
  });
});

const work = (fulfilment: string, quantity: number, line = '2') => ({
  fulfilment,
  order: 'A1001',
  since: 1,
  lines: [{ line, sku: '71053', quantity }],
});

function store(page: Partial<Page>, more: Partial<StoreRecord> = {}): StoreRecord {
  const terms = { name: 'B', country: 'FR', priority: 0, autoAccept: true, ownership: 'franchise' as const };
  return {
    v: 1,
    id: 'store-b',
    revision: 3,
    handled: [],
    open: true,
    terms: { ...terms, commission: '0.15' },
    holdings: { pages: [{ stock: [], work: [], ...page }], entries: 0, load: 0 },
    ...more,
  };
}

describe('of stock', () => {
  test.each<[found: string[], page: Partial<Page>]>([
    [[], { stock: [['71053', 5, 1]], work: [work('A1001-2', 1)] }],
    [['store-b: 1 71053 reserved, 0 promised to fulfilments'], { stock: [['71053', 5, 1]] }],
    [['store-b: 2 71053 reserved of 1'], { stock: [['71053', 1, 2]], work: [work('A1001-2', 2)] }],
    [['store-b: 1 71053 promised from nothing'], { work: [work('A1001-2', 1)] }],
  ])('%j', (expected, page) => {
    expect(checkStock(store(page))).toEqual(expected);
  });

  const open: Edit = ({ fulfilments }) => {
    const second = of(fulfilments, 1);
    second.state = 'accepted';
    of(second.lines, 0).ready = 0;
  };

  test.each<[found: string[], edit: Edit, page: Partial<Page>]>([
    [[], () => undefined, {}],
    [[], open, { work: [work('A1001-2', 1)] }],
    [['store-b A1001-2: open, nothing reserved'], open, {}],
    [['store-b A1001-2: 2 of 2 reserved, 1 open, 0 of them ready'], open, { work: [work('A1001-2', 2)] }],
    [['store-b A1001-2: 1 of 2 reserved, nothing open'], () => undefined, { work: [work('A1001-2', 1)] }],
  ])('at rest: %j', (expected, edit, page) => {
    expect(checkReservations([changed(edit)], [store(page)])).toEqual(expected);
  });
});

describe('of what a store owes', () => {
  const owing: Edit = ({ ledger }) => {
    of(ledger, 5).kind = 'receivable';
  };
  const account = (owes: number, left: number) => ({
    account: {
      owes: [['EUR', owes]] as const,
      entries: [],
      debts: [{ order: 'A1001', key: 'A1001-b1', currency: 'EUR', left }],
    },
  });
  const debtor = (more: Partial<StoreRecord>) => store({}, { id: 'store-a', ...more });
  const order = changed(owing);

  test('both say the same', () => {
    expect(checkDebts([order], [debtor(account(7283, 7283))])).toEqual([]);
    expect(checkDebts([ORDER], [debtor({})])).toEqual([]);
  });

  test('the store says less, or that it paid', () => {
    expect(checkDebts([order], [debtor(account(7000, 7000))])).toEqual([
      'store-a EUR: orders say that 283 more is owed',
    ]);
    expect(checkDebts([order], [debtor({})])).toContain('A1001-b1 is paid, and nobody was told');
    const collected = changed((draft) => {
      owing(draft);
      of(draft.ledger, 5).collected = true;
    });
    expect(checkDebts([collected], [debtor(account(7283, 7283))])).toEqual([
      'A1001-b1 is collected, and its store says that it is not',
    ]);
  });
});

describe('of what stores say', () => {
  const record = store({ stock: [['71053', 5, 0]] });

  function views(...said: object[]) {
    const of = new StoreViews();
    const wrong = said.flatMap((payload) =>
      of.heard({ origin: undefined, entity: 'store', id: 'store-b', name: 'stock', payload: { ...payload } }),
    );
    return [...wrong, ...of.atRest([record])];
  }
  const opened = { revision: 1, open: true };
  const counted = { revision: 2, items: [{ sku: '71053', onHand: 5, reserved: 0 }] };

  test('all of it is told, in its order', () => {
    expect(views(opened, counted)).toEqual([]);
  });

  test('too little, or too late', () => {
    expect(views(opened)).toEqual(['store-b 71053 is told as undefined, not 5, 0']);
    expect(views({ ...opened, open: false }, counted)).toEqual(['store-b is told as open false, and is true']);
    expect(views(counted, opened)).toContain('stock of revision 1 is told after 2');
  });
});
