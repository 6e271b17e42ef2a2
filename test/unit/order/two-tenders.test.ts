/** A gift card first, then a card: drawn down exactly, refunded in the reverse order. */
import { describe, expect, test } from 'vitest';
import type { OrderCommands } from '../../../protocols/commands.ts';
import {
  A,
  B,
  BASE,
  bothAccept,
  claimed,
  confirmed,
  declared,
  failed,
  failedLate,
  paymentOf,
  plan,
  type Scenario,
  scenario,
  shop,
} from './scenario.ts';

const { payment: _, ...UNPAID } = BASE;
const CARD = paymentOf(BASE);
const giftCard = (amount: number, captured = 0) => ({
  ...CARD,
  method: 'gift-card',
  transaction: 'gift_1',
  authorised: amount,
  captured,
});

function bought(payments: NonNullable<OrderCommands['place']['payments']>): Scenario {
  return scenario().given(shop.place({ ...UNPAID, payments }), ...bothAccept('A1'));
}

const asked = (order: Scenario) =>
  order.requests.map(({ key, transaction, amount }) => `${key} ${transaction} ${amount}`);

test('what one tender paid of cancelled goods goes back when the other failed, and the rest when that is taken after all', () => {
  const order = bought([giftCard(5000), { ...CARD, authorised: 7980 }]);
  order.given(A.ready(), confirmed('A1-c1'), confirmed('A1-c2'), failedLate('A1-c2'), confirmed('A1-p1'));
  order.given(shop.cancel()).shows({ totals: { open: { refund: 5000 } } });
  order.given(confirmed('A1-r1'), confirmed('A1-c2', 9000));
  order.shows({ totals: { captured: 8814, refunded: 5000, open: { refund: 3814 } } });
});

test('a void that failed after the provider had accepted it keeps its room: it may be done after all', () => {
  const order = bought([giftCard(5000), { ...CARD, authorised: 8000 }]).withTender(1, { amountStep: { EUR: 100 } });
  order.given(B.decline(), plan({}, { '2': 1 }));
  order.ledger('A1-v1 4100 requested', 'A1-v2 66 requested');
  order.given(confirmed('A1-v1'), confirmed('A1-v2'), failedLate('A1-v2'), A.ready());
  order.given(confirmed('A1-c1'));
  expect(asked(order).slice(2)).toEqual(['A1-c1 gift_1 4934', 'A1-c2 pi_3Px 3800', 'A1-v3 pi_3Px 100']);
});

test('a gift card gives no more than it has, though goods weigh more than planned: the card pays the rest', () => {
  const order = bought([giftCard(5000), { ...CARD, authorised: 7980 }]);
  const dearer = { fulfilment: 'A1-1', lines: [{ line: '1', quantity: 1, amount: 9000 }] };
  order.given({ ...A.ready(), payload: dearer }, confirmed('A1-c1'), confirmed('A1-c2'), B.ready());
  expect(asked(order).filter((request) => request.includes('-c'))).toEqual([
    'A1-c1 gift_1 5000',
    'A1-c2 pi_3Px 4490',
    'A1-c3 pi_3Px 4166',
  ]);
});

describe('one that was captured at once beside one that was authorised', () => {
  const order = () => bought([giftCard(9490), { ...CARD, method: 'ideal', authorised: 3490, captured: 3490 }]);

  test('is not spent twice when a capture beside it failed and may be taken after all', () => {
    const paid = order().given(A.ready(), confirmed('A1-c2'), failedLate('A1-c2'), B.ready());
    paid.ledger('A1-c1 3490 confirmed', 'A1-c2 5324 failed', 'A1-p1 7283 requested', 'A1-c3 4166 requested');
    paid.given(confirmed('A1-c2', 9000), confirmed('A1-c3'));
    paid.shows({ totals: { captured: 12980, open: { capture: 0 } } });
  });

  test('goes back when that capture is not wanted any more, and the rest when it is taken after all', () => {
    const paid = order().given(A.ready(), confirmed('A1-c2'), failedLate('A1-c2'));
    paid.given(shop.cancel(), confirmed('A1-p1'));
    paid.ledger(
      'A1-c1 3490 confirmed',
      'A1-c2 5324 failed',
      'A1-p1 7283 confirmed',
      'A1-r1 3490 requested',
      'A1-v1 4166 requested',
      'A1-b1 7283 requested',
    );
    paid.given(confirmed('A1-r1'), confirmed('A1-v1'), confirmed('A1-c2', 9000));
    paid.shows({ totals: { captured: 8814, refunded: 3490, open: { refund: 5324 } } });
  });
});

describe('two authorisations', () => {
  const order = () => bought([giftCard(5000), { ...CARD, authorised: 7980 }]);

  test('are drawn in their order, and together to the cent', () => {
    const paid = order().given(A.ready());
    paid.ledger('A1-c1 5000 requested', 'A1-c2 3814 requested');
    paid.given(B.ready());
    expect(asked(paid)).toEqual(['A1-c1 gift_1 5000', 'A1-c2 pi_3Px 3814', 'A1-c3 pi_3Px 4166']);
    paid.shows({ totals: { ordered: 12980, authorised: 12980, open: { capture: 12980 } } });
  });

  test('goods leave when both have paid for them', () => {
    const paid = order().given(A.ready(), confirmed('A1-c1'));
    paid.when(A.ship()).refuses('not-funded');
    paid.given(confirmed('A1-c2'), A.ship()).shows({ parties: { 'store-a': 0 } });
    expect(asked(paid).at(-1)).toBe('A1-p1 gift_1 7283');
  });

  test('what never will be captured is voided from the last one backwards', () => {
    const gone = order().given(A.ready());
    gone.when(shop.cancel({ lines: [{ line: '2', quantity: 1 }] }));
    expect(asked(gone).slice(2)).toEqual(['A1-v1 pi_3Px 4166']);
    const whole = order().given(shop.cancel());
    expect(asked(whole)).toEqual(['A1-v1 pi_3Px 7980', 'A1-v2 gift_1 5000']);
  });

  test('what is beyond the order is kept until the other one is known to have paid', () => {
    const order = bought([giftCard(12980), { ...CARD, authorised: 12980 }]);
    order.given(A.ready(), B.ready());
    expect(asked(order)).toEqual(['A1-c1 gift_1 8814', 'A1-c2 gift_1 4166']);
    order
      .given(confirmed('A1-c1'))
      .when(confirmed('A1-c2'))
      .says('event captured', 'gateway A1-v1 12980', 'gateway A1-p2 3645');
  });

  test('what lapsed when nothing else was to come is taken from the other one', () => {
    const order = bought([giftCard(12980), { ...CARD, authorised: 12980 }]);
    const { payload, ...said } = failed('A1-c2');
    order.given(A.ready(), confirmed('A1-c1'), B.ready());
    order.given({ ...said, payload: { ...Object(payload), code: 'authorisation-expired' } });
    expect(asked(order).slice(-2)).toEqual(['A1-c3 pi_3Px 4166', 'A1-v1 pi_3Px 8814']);
    order
      .given(confirmed('A1-v1'), confirmed('A1-c3'), A.ship(), B.ship())
      .shows({ state: 'fulfilled', totals: { captured: 12980 } });
  });

  test('a refund goes to the card first, and to the gift card what the card did not pay', () => {
    const back = order().given(
      A.ready(),
      confirmed('A1-c1'),
      confirmed('A1-c2'),
      A.ship(),
      declared('R1', { '1': 1 }),
      claimed('R1', { '1': [1, 0] }),
    );
    expect(asked(back).slice(-2)).toEqual(['A1-r1 pi_3Px 3814', 'A1-r2 gift_1 4510']);
    back.given(confirmed('A1-r1')).shows({ totals: { refunded: 3814, open: { refund: 4510 } } });
    back.given(confirmed('A1-r2')).shows({ totals: { refunded: 8324 } });
  });

  test('one that fails leaves the goods unpaid, and the other one’s money goes back when they are cancelled', () => {
    const half = order().given(A.ready(), confirmed('A1-c1'), failed('A1-c2'));
    half.raises('capture-failed').when(A.ship()).refuses('not-funded');
    half.given(shop.cancel({ lines: [{ line: '1', quantity: 1 }] }));
    expect(asked(half).slice(2)).toEqual(['A1-r1 gift_1 5000', 'A1-v1 pi_3Px 3324']);
  });

  test('what one took of the shipping fee stays while the other one may be taken after all', () => {
    const half = bought([giftCard(8600), { ...CARD, authorised: 4380 }]).given(A.ready(), confirmed('A1-c1'));
    half
      .given(confirmed('A1-c2'), failedLate('A1-c2', 6000))
      .shows({ totals: { captured: 8600, open: { refund: 0 } } });
    half.given(confirmed('A1-c2', 9000), A.ship(), B.ready(), confirmed('A1-c3'), B.ship());
    half.shows({ state: 'fulfilled', totals: { captured: 12980, refunded: 0, open: { refund: 0 } } });
  });
});

test('goods that went back are booked to the cent when the provider says late that one of their captures failed', () => {
  const order = bought([giftCard(5000), { ...CARD, authorised: 7980 }]).given(A.ready(), B.ready());
  for (const key of ['A1-c1', 'A1-c2', 'A1-c3', 'A1-p1', 'A1-p2']) order.given(confirmed(key));
  order.given(A.ship(), declared('R1', { '1': 1 }), claimed('R1', { '1': [1, 0] }));
  order.given(confirmed('A1-r1'), confirmed('A1-r2'), failedLate('A1-c1'), confirmed('A1-c1', 9000));
  order.shows({ totals: { captured: 12980, refunded: 8324 } });
});

describe('a gift card that was taken at once', () => {
  test('pays the first units and the shipping fee; the card pays the rest', () => {
    const order = bought([giftCard(5000, 5000), { ...CARD, authorised: 7980 }]);
    order.ledger('A1-c1 5000 confirmed').given(A.ready());
    expect(asked(order)).toEqual(['A1-c2 pi_3Px 3814']);
    order.given(confirmed('A1-c2'), A.ship());
    order.shows({ fulfilments: [{ captured: 8814 }, { captured: 0 }], totals: { captured: 8814 } });
  });

  test('goes back as far as it paid for what is not delivered', () => {
    const order = bought([giftCard(5000, 5000), { ...CARD, authorised: 7980 }]);
    order.given(shop.cancel());
    expect(asked(order)).toEqual(['A1-r1 gift_1 5000', 'A1-v1 pi_3Px 7980']);
  });

  test('is kept for the units that may still come', () => {
    const order = bought([giftCard(9000, 9000), { ...CARD, authorised: 3980 }]);
    order.given(shop.cancel({ lines: [{ line: '1', quantity: 1 }] }));
    expect(asked(order)).toEqual(['A1-r1 gift_1 4344', 'A1-v1 pi_3Px 3980']);
    order.given(B.ready()).shows({ totals: { captured: 9000 } });
  });
});

test('payments that are bad are refused with their place', () => {
  const refused = (payments: NonNullable<OrderCommands['place']['payments']>, more = {}) =>
    scenario().when(shop.place({ ...UNPAID, ...more, payments })).last;
  const reason = (text: string) => ({ kind: 'refused', refusal: { code: 'invalid-payload', reason: text } });
  expect(refused([CARD], { payment: CARD })).toMatchObject(reason('payments: not together with payment'));
  expect(refused([CARD, CARD])).toMatchObject(reason('payments[1].transaction: pi_3Px occurs twice'));
  expect(refused([CARD, giftCard(100, 1)])).toMatchObject(reason('payments[1].captured: must be 0 or authorised'));
  scenario()
    .when(shop.place({ ...UNPAID, payments: [giftCard(1), { ...CARD, authorised: 12978 }] }))
    .refuses('authorisation-too-low');
});
