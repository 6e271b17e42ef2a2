/**
 * The row of the report to the ERP (money rules, section 5, level 1): one for each order line and money movement. A row is never
 * changed; what turns out otherwise is another row. Over any period and filter `gross` sums to what the gateway and the tills moved.
 *
 * Rows travel as `event.attribution.<order>.booked`: `{ order, at, revision, rows }`.
 */
import Type, { type Static } from 'typebox';

/**
 * `sale`, `till-sale`, `refund`: money of goods, shipping or a fee. `short-pick`, `cancellation`, `delivery`: what happened to units, no
 * money. `prepayment`, `transit`: money that no line has earned yet, or that a provider's amount step holds back; they return to
 * zero. `rounding`: what the step holds back for good. `correction`: takes back (or books again) what the provider failed (or found)
 * late. `settlement`: money between parties, `settled` is what went to the store. `handling-fee`: what headquarters owes the franchise that
 * took goods back for another store, 0 where its rule knows no fee.
 */
const MOVEMENTS = [
  'sale',
  'till-sale',
  'refund',
  'short-pick',
  'cancellation',
  'delivery',
  'prepayment',
  'transit',
  'rounding',
  'correction',
  'settlement',
  'handling-fee',
] as const;

const SUBJECTS_OF_ROWS = ['line', 'shipping', 'fee', 'order', 'party'] as const;

const Optional = Type.Optional;
const Minor = Type.Integer({ description: 'minor units of `currency`, signed' });

export const ATTRIBUTION_ROW = Type.Object({
  row: Type.String({ description: '`<order>-<revision>-<n>`: the same row has the same id, for ever' }),
  order: Type.String(),
  at: Type.String({
    format: 'date-time',
    description:
      'RFC 3339, UTC: when what it follows from was stored (a command, the answer of a gateway) or due. It is booked when that is handled, after an outage hours later',
  }),
  movement: Type.Enum([...MOVEMENTS]),
  subject: Type.Enum([...SUBJECTS_OF_ROWS]),
  channel: Type.String({ description: 'the channel that sold' }),
  soldBy: Optional(Type.String({ description: 'the store that sold, where one did (endless aisle)' })),
  mode: Type.String({ description: 'fulfilment of the order: ship, click-and-collect, reserve-and-collect' }),
  currency: Type.String(),
  line: Optional(Type.String()),
  sku: Optional(Type.String()),
  name: Optional(Type.String()),
  category: Optional(Type.String()),
  quantity: Type.Integer({
    description:
      'units: sold (+) or taken back (−) where money moved, else those that it happened to; 0 where no units moved',
  }),
  gross: Minor,
  net: Minor,
  tax: Minor,
  taxRate: Optional(Type.String({ description: 'of a line, and of shipping; decimal string' })),
  discountShare: Minor,
  commission: Type.Integer({ description: 'what headquarters keeps of a store’s line, minor units, signed' }),
  party: Optional(Type.String({ description: 'the store whose share or settlement it is' })),
  storeShare: Type.Integer({ description: 'of `party`, minor units, signed' }),
  headquartersShare: Type.Integer({ description: 'gross − storeShare' }),
  settled: Type.Integer({ description: 'paid to `party` (negative: taken back), minor units' }),
  netted: Optional(
    Type.Integer({
      description:
        'minor units: what `party` owes headquarters from now on (negative), or pays of it by a payout that it does not get; no money moves',
    }),
  ),
  preparedBy: Optional(Type.String()),
  ownership: Optional(Type.Enum(['company', 'franchise'])),
  deliveredBy: Optional(Type.String({ description: 'the store, or the carrier; known from the hand-over on' })),
  takenBackBy: Optional(Type.String({ description: 'the store that took the units back' })),
  takerOwnership: Optional(
    Type.Enum(['company', 'franchise'], {
      description: 'of `takenBackBy`, where another store prepared the units; none where it has not said its terms',
    }),
  ),
  fulfilment: Optional(Type.String()),
  return: Optional(Type.String()),
  entry: Optional(Type.String({ description: 'ledger entry that moved the money' })),
  gatewayReference: Optional(Type.String()),
  account: Optional(
    Type.String({
      description:
        'gateway account; none where a till took the money, it was exchanged, or headquarters paid in another way',
    }),
  ),
  transaction: Optional(
    Type.String({
      description: 'the provider’s, of money that it took when the customer paid: nobody asked it under `entry`',
    }),
  ),
  exchange: Optional(Type.String({ description: 'the order that it was exchanged with; no gateway or till moved it' })),
  method: Optional(Type.String()),
  ruleVersion: Optional(
    Type.String({ description: 'commission rules frozen at placement; none: the store’s own rate' }),
  ),
  rule: Optional(Type.String()),
  broughtBy: Optional(
    Type.String({
      description: 'the franchise whose goods brought the shipping fee: it has it where its rule says so',
    }),
  ),
  storeRate: Optional(
    Type.String({
      description: 'with the share of a line: the rate that the store agreed to, for where no rule matches',
    }),
  ),
  placedAt: Optional(
    Type.String({
      format: 'date-time',
      description: 'with the share of a line, shipping and handling fees: it decided on the version of the rules',
    }),
  ),
  basis: Optional(
    Type.String({
      description:
        'what it adds to the gross, net, units and goodwill that the share is reckoned from: `<gross> <net> <units> <goodwill>`; none where that is its own gross, net, quantity and 0. Of a shipping fee its gross alone: what goes with the goods of `broughtBy`',
    }),
  ),
  reason: Optional(
    Type.String({ description: 'of a refund: `claim` (a return), `goodwill`, `cancelled` or `undelivered`' }),
  ),
  returnReason: Optional(
    Type.String({
      description:
        'with a return, why this line of it came back: a code of the catalogue, where there is one; with goodwill, why it was given',
    }),
  ),
});

export type AttributionRow = Static<typeof ATTRIBUTION_ROW>;

/** Of all orders. */
export const BOOKED_SUBJECT = 'event.attribution.*.booked';

/** Payload of `event.attribution.<order>.booked`. A step that books more rows than this says several events. */
export const MAX_ROWS_AN_EVENT = 100;

/** A step of an order that no command made: whom it heard, and what of. */
const HEARD = Type.Object({
  from: Type.String({
    description: '`timer`, `gateway`, `sourcing`, or the kind of actor that spoke: store, return, order',
  }),
  id: Optional(Type.String({ description: 'of the actor, or the gateway account' })),
  name: Type.String({ description: 'of the message' }),
  about: Optional(Type.String({ description: 'the entry, fulfilment, store, return or transaction that it is of' })),
  outcome: Optional(Type.String({ description: 'of the entry, as the gateway says' })),
});

export type Heard = Static<typeof HEARD>;

export const BOOKED = Type.Object({
  order: Type.String(),
  at: Type.String({ format: 'date-time' }),
  revision: Type.Integer({ description: 'of the order, by the step that booked: its outcome names the same' }),
  heard: Optional(HEARD),
  rows: Type.Array(ATTRIBUTION_ROW, { minItems: 1, maxItems: MAX_ROWS_AN_EVENT }),
});

export type Booked = Static<typeof BOOKED>;
