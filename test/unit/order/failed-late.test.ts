/** What failed after the provider had accepted it is owed until it is taken after all, or a person finds that it never will. */
import { describe, expect, test } from 'vitest';
import { wrongFigures } from '../explain/wrong-figures.ts';
import { auditOf } from '../reconcile/audit-of.ts';
import { A, assignedBase, B, confirmed, failed, failedLate, ops, type Scenario, shop } from './scenario.ts';

const audited = (order: Scenario) => expect([auditOf(order), wrongFigures(order)]).toEqual([[], []]);

describe('a payout that came back', () => {
  const cameBack = (): Scenario =>
    assignedBase().given(
      ...[A.ready(), confirmed('A1001-c1'), confirmed('A1001-p1'), A.ship()],
      failedLate('A1001-p1'),
    );

  test('is asked for again when a person says that it will never arrive', () => {
    const order = cameBack().raises('payout-failed');
    expect(order.view.attention[0]?.reason).toMatch(/may be taken after all, unless you say fail$/);
    order.when(ops.retry('A1001-p1')).refuses('may-have-moved');
    order.when(ops.fail('A1001-p1')).says('event payout-failed').raises('payout-failed');
    expect(order.view.attention[0]?.reason).toMatch(/retry asks again under another key$/);
    order.when(ops.fail('A1001-p1')).refuses('wrong-state');
    order.when(ops.retry('A1001-p1')).says('event asked-again', 'gateway A1001-p2 7283').raises();
    order.given(confirmed('A1001-p2')).shows({ parties: { headquarters: 1531, 'store-a': 7283 } });
    audited(order);
  });

  test('and is taken after all: the store gives back what it got twice', () => {
    const order = cameBack().given(ops.fail('A1001-p1'), ops.retry('A1001-p1'), confirmed('A1001-p2'));
    order.when(confirmed('A1001-p1', 9000)).says('event paid-out', 'gateway A1001-b1 7283').raises('moved-twice');
    order.given(confirmed('A1001-b1')).shows({ parties: { headquarters: 1531, 'store-a': 7283 } });
    audited(order);
  });

  test('and is taken after all, before it was asked for again: it is paid', () => {
    const order = cameBack().given(ops.fail('A1001-p1'));
    order.when(confirmed('A1001-p1', 9000)).says('event paid-out').raises();
    order.when(ops.retry('A1001-p1')).refuses('wrong-state');
    order.shows({ parties: { headquarters: 1531, 'store-a': 7283 } });
    // What may be taken after all is not certain for ever.
    order.given(failedLate('A1001-p1', 9500)).when(ops.retry('A1001-p1')).refuses('may-have-moved');
  });

  test('a word that is dated before that of the person, and comes after it, still counts', () => {
    const order = cameBack().given({ ...ops.fail('A1001-p1'), afterMs: 24 * 3600_000 });
    order.when(confirmed('A1001-p1', 9000)).says('event paid-out').raises();
  });
});

describe('a capture that failed late', () => {
  const lost = (): Scenario =>
    assignedBase().given(A.ready(), confirmed('A1001-c1'), confirmed('A1001-p1'), A.ship(), failedLate('A1001-c1'));

  test('after the goods left: it is captured again when it surely failed, with its fee', () => {
    const order = lost().given(confirmed('A1001-b1')).raises('funds-lost');
    order.when(ops.fail('A1001-c1')).says('event capture-failed').raises('funds-lost');
    order.when(ops.retry('A1001-c1')).says('event asked-again', 'gateway A1001-c2 8814').raises();
    order.given(confirmed('A1001-c2'), confirmed('A1001-p2'), B.ready(), confirmed('A1001-c3'), confirmed('A1001-p3'));
    order.shows({ totals: { captured: 12980 }, parties: { headquarters: 2052, 'store-a': 7283, 'store-b': 3645 } });
    audited(order);
  });

  test('and is taken after all, beside the one that was asked in its place: a person is told', () => {
    const order = lost().given(confirmed('A1001-b1'), ops.fail('A1001-c1'), ops.retry('A1001-c1'));
    order.given(confirmed('A1001-c2'), confirmed('A1001-p2')).when(confirmed('A1001-c1', 9000)).raises('moved-twice');
    order.shows({ totals: { captured: 17628 }, parties: { 'store-a': 7283 } });
  });

  test('of goods that nobody wants any more: nothing asks for it again, and its part is released', () => {
    const order = assignedBase().given(A.ready(), confirmed('A1001-c1'), failedLate('A1001-c1'), shop.cancel());
    order.given(confirmed('A1001-v1')).when(ops.fail('A1001-c1')).says('event capture-failed', 'gateway A1001-v2 8814');
    order.when(ops.retry('A1001-c1')).refuses('wrong-state');
  });
});

describe('others that failed late', () => {
  const refunding = (): Scenario =>
    assignedBase().given(A.ready(), confirmed('A1001-c1'), A.ship(), ops.refund(1000), failedLate('A1001-r1'));

  test('a refund is asked for again when it surely failed', () => {
    const order = refunding().given(ops.fail('A1001-r1')).raises('refund-failed');
    order.when(ops.retry('A1001-r1')).says('event asked-again', 'gateway A1001-r2 1000').raises();
    order.given(confirmed('A1001-r2')).shows({ totals: { refunded: 1000, open: { refund: 0 } } });
  });

  test('what surely failed before is not said again, nor what was asked again', () => {
    const order = refunding().given(ops.fail('A1001-r1'), ops.retry('A1001-r1'));
    order.when(ops.fail('A1001-r1')).refuses('wrong-state');
    assignedBase().given(A.ready(), failed('A1001-c1')).when(ops.fail('A1001-c1')).refuses('wrong-state');
  });

  test('a reversal is a debt already', () => {
    const order = assignedBase().given(A.ready(), confirmed('A1001-c1'), confirmed('A1001-p1'));
    order.given(failedLate('A1001-c1'), failedLate('A1001-b1'));
    order.when(ops.fail('A1001-b1')).refuses('wrong-state');
  });
});

test.each(['A1001-c1', 'A1001-c2'])('what moved twice moved once when %s comes back', (back) => {
  const order = assignedBase().given(A.ready(), failed('A1001-c1'), ops.retry('A1001-c1'), confirmed('A1001-c2'));
  order.given(confirmed('A1001-c1', 9000)).raises('moved-twice').given(failedLate(back, 9500)).raises();
});
