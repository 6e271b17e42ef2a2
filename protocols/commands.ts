/**
 * Every command of the wire contract (section 3): its payload, who may send it. Unknown fields are ignored.
 * The AsyncAPI document is generated from these schemas.
 */
import Type, { type Static, type TSchema } from 'typebox';
import { CAPABILITY } from './capability.ts';
import { CURRENCY_PATTERN, MAX_AMOUNT } from './currency.ts';
import { Instant } from './instant.ts';
import { RATE_PATTERN } from './rate.ts';
import { PAYOUT_MOMENTS } from './sourcing.ts';
import { ORIGIN_KINDS, type OriginKind, STORE_PATTERN, TOKEN_PATTERN } from './token.ts';

/** Bounds of the contract. */
export const MAX_COMMAND_BYTES = 256 * 1024;
export const MAX_MESSAGE_ID = 1024;
const MAX_LINES = 1000;
const MAX_QUANTITY = 1_000_000;
const MAX_TEXT = 500;
/** Payments of one order. */
const MAX_TENDERS = 5;
/** Items of a stock count. */
const MAX_ITEMS = 5000;

const Token = Type.String({ pattern: TOKEN_PATTERN });
const Store = Type.String({ pattern: STORE_PATTERN });
const Text = Type.String({ maxLength: MAX_TEXT });
const RequiredText = Type.String({ minLength: 1, maxLength: MAX_TEXT });
const Amount = Type.Integer({ minimum: 0, maximum: MAX_AMOUNT });
const PositiveAmount = Type.Integer({ minimum: 1, maximum: MAX_AMOUNT });
const Quantity = Type.Integer({ minimum: 1, maximum: MAX_QUANTITY });
const Count = Type.Integer({ minimum: 0, maximum: MAX_QUANTITY });
const Rate = Type.String({ pattern: RATE_PATTERN });
const Country = Type.String({ pattern: '^[A-Z]{2}$' });
const CurrencyCode = Type.String({ pattern: CURRENCY_PATTERN });
const Latitude = Type.Number({ minimum: -90, maximum: 90 });
const Longitude = Type.Number({ minimum: -180, maximum: 180 });

export const FulfilmentMode = Type.Union([
  Type.Literal('ship'),
  Type.Literal('click-and-collect'),
  Type.Literal('reserve-and-collect'),
]);
const UnitsOfLine = Type.Object({ line: Token, quantity: Quantity });
const Lines = <T extends TSchema>(item: T) => Type.Array(item, { minItems: 1, maxItems: MAX_LINES });
/** Operations of a gateway. */
const Kind = Type.Union([
  Type.Literal('capture'),
  Type.Literal('refund'),
  Type.Literal('void'),
  Type.Literal('payout'),
  Type.Literal('payout-reversal'),
  Type.Literal('reauthorisation'),
]);
/** What an order calls what is its own: its id, and which one. */
const OWN_PATTERN = '^[A-Za-z0-9_-]{1,80}$';
/** Of the ledger: `<order>-c1`. */
const EntryKey = Type.String({ pattern: OWN_PATTERN });
/** The provider's name of an operation. */
const Reference = Type.String({ minLength: 1, maxLength: 200 });
const OptionalFulfilment = Type.Optional(Type.String({ pattern: OWN_PATTERN }));
const ReasonOnly = Type.Object({ reason: Type.Optional(Text) });

const Payment = Type.Object({
  account: Token,
  method: Token,
  transaction: Reference,
  authorised: Amount,
  authorisedAt: Instant,
  captureBefore: Type.Optional(Instant),
  captured: Type.Optional(Amount),
  credential: Type.Optional(
    Type.String({ minLength: 1, maxLength: 200, description: 'stored to authorise again without the customer' }),
  ),
});

const Place = Type.Object({
  channel: Token,
  currency: CurrencyCode,
  placedAt: Instant,
  fulfilment: FulfilmentMode,
  collectAt: Type.Optional(Store),
  /** The store that sold what another one may ship (endless aisle). */
  soldBy: Type.Optional(Store),
  destination: Type.Optional(
    Type.Object({
      country: Country,
      postalCode: Type.Optional(Text),
      latitude: Type.Optional(Latitude),
      longitude: Type.Optional(Longitude),
    }),
  ),
  taxIncluded: Type.Boolean(),
  lines: Lines(
    Type.Object({
      line: Token,
      sku: Token,
      name: Type.Optional(Text),
      /** Of goods: commission rules may depend on it. */
      category: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
      quantity: Quantity,
      unitPrice: Amount,
      taxRate: Rate,
      discount: Type.Optional(Amount),
      store: Type.Optional(Store),
    }),
  ),
  discount: Type.Optional(Amount),
  shipping: Type.Optional(Type.Object({ amount: Amount, taxRate: Rate })),
  payment: Type.Optional(Payment),
  payments: Type.Optional(
    Type.Array(Payment, {
      minItems: 1,
      maxItems: MAX_TENDERS,
      description: 'several, in the order in which they are drawn',
    }),
  ),
  exchange: Type.Optional(
    Type.Object(
      { order: Token, return: Token, amount: PositiveAmount },
      { description: 'a return that pays for `amount` of it with what its accepted units are worth' },
    ),
  ),
});

const order = {
  place: Place,
  cancel: Type.Object({ reason: Type.Optional(Text), lines: Type.Optional(Lines(UnitsOfLine)) }),
  hold: ReasonOnly,
  release: ReasonOnly,
  refund: Type.Object({ amount: PositiveAmount, line: Type.Optional(Token), reason: RequiredText }),
  accept: Type.Object({ fulfilment: OptionalFulfilment }),
  decline: Type.Object({ fulfilment: OptionalFulfilment, reason: Type.Optional(Text) }),
  'short-pick': Type.Object({ fulfilment: OptionalFulfilment, lines: Lines(UnitsOfLine) }),
  ready: Type.Object({
    fulfilment: OptionalFulfilment,
    lines: Type.Optional(
      Lines(
        Type.Object({
          line: Token,
          quantity: Quantity,
          amount: Type.Optional(
            Type.Integer({
              minimum: 0,
              maximum: MAX_AMOUNT,
              description: 'gross of these units as they were weighed, minor units',
            }),
          ),
        }),
      ),
    ),
  }),
  ship: Type.Object({ fulfilment: OptionalFulfilment, carrier: Type.Optional(Text), tracking: Type.Optional(Text) }),
  /** No lines: the customer takes all that is ready. He may take nothing. */
  collect: Type.Object({
    fulfilment: OptionalFulfilment,
    lines: Type.Optional(Type.Array(UnitsOfLine, { maxItems: MAX_LINES })),
  }),
  sell: Type.Object({
    fulfilment: OptionalFulfilment,
    ticket: RequiredText,
    lines: Lines(Type.Object({ line: Token, quantity: Quantity, amount: Amount })),
    tenders: Type.Array(Type.Object({ kind: Token, amount: Amount }), {
      minItems: 1,
      maxItems: 20,
      description: '`exchange` is what the return has paid that the order names; all others are in the till',
    }),
  }),
  /** A person looked it up at the provider: it moved, or surely it did not. */
  confirm: Type.Object({ entry: EntryKey, gatewayReference: Type.Optional(Reference) }),
  fail: Type.Object({ entry: EntryKey, reason: RequiredText }),
  /** Asks for what failed under another key. */
  retry: Type.Object({ entry: EntryKey }),
  /** The customer is asked for what a capture surely did not bring. */
  'request-payment': Type.Object({ entry: EntryKey }),
  /** Money that was requested of the customer, and taken by other ways than the order's payments. */
  paid: Type.Object({
    request: Type.Optional(EntryKey),
    amount: PositiveAmount,
    account: Token,
    method: Token,
    transaction: Reference,
  }),
  /** What a provider tells of an operation by itself: a webhook. Key or transaction say which. */
  notify: Type.Object({
    key: Type.Optional(EntryKey),
    transaction: Type.Optional(Reference),
    kind: Kind,
    outcome: Type.Union([Type.Literal('confirmed'), Type.Literal('failed')]),
    gatewayReference: Type.Optional(Reference),
    amount: PositiveAmount,
    currency: CurrencyCode,
    code: Type.Optional(Token),
    reason: Type.Optional(Text),
    at: Instant,
  }),
  /** A refund was paid in another way than through the gateway, by headquarters. */
  'settle-refund': Type.Object({ entry: EntryKey, reference: Reference, reason: RequiredText }),
  /** What a person had to look at, and nothing else ends, is done: the code, and what it is about where it is raised of several. */
  resolve: Type.Object({ attention: Token, about: Type.Optional(Reference), note: RequiredText }),
};

const store = {
  open: Type.Object({
    name: RequiredText,
    ownership: Type.Union([Type.Literal('company'), Type.Literal('franchise')]),
    payoutAccount: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    commission: Type.Optional(Rate),
    payoutWhen: Type.Optional(Type.Enum([...PAYOUT_MOMENTS])),
    country: Country,
    latitude: Type.Optional(Latitude),
    longitude: Type.Optional(Longitude),
    priority: Type.Optional(Type.Integer({ minimum: -1000, maximum: 1000 })),
    autoAccept: Type.Optional(Type.Boolean()),
  }),
  close: ReasonOnly,
  stock: Type.Object({
    items: Type.Array(Type.Object({ sku: Token, quantity: Count }), { minItems: 1, maxItems: MAX_ITEMS }),
  }),
  adjust: Type.Object({
    items: Type.Array(
      Type.Object({ sku: Token, delta: Type.Integer({ minimum: -MAX_QUANTITY, maximum: MAX_QUANTITY }) }),
      { minItems: 1, maxItems: MAX_ITEMS },
    ),
    reason: Type.Optional(Text),
  }),
};

const ExchangedFor = Type.Optional(
  Type.String({
    pattern: TOKEN_PATTERN,
    description: 'the order that it pays for: the refund waits until it is placed',
  }),
);

const returned = {
  request: Type.Object({
    order: Token,
    lines: Lines(Type.Object({ line: Token, quantity: Quantity, reason: Type.Optional(Text) })),
    by: Type.Union([Type.Literal('store'), Type.Literal('mail')]),
    exchange: ExchangedFor,
  }),
  receive: Type.Object({
    lines: Lines(Type.Object({ line: Token, quantity: Quantity, reason: Type.Optional(Text) })),
  }),
  inspect: Type.Object({
    lines: Lines(
      Type.Object({ line: Token, accepted: Count, rejected: Type.Optional(Count), restock: Type.Optional(Count) }),
    ),
    refundShipping: Type.Optional(Type.Boolean()),
    fee: Type.Optional(Amount),
    exchange: ExchangedFor,
  }),
  'hand-back': Type.Object({
    lines: Lines(UnitsOfLine),
    carrier: Type.Optional(Text),
    tracking: Type.Optional(Text),
  }),
  cancel: ReasonOnly,
};

const gateway = {
  script: Type.Object({
    kind: Kind,
    behave: Type.Union([
      Type.Literal('ok'),
      Type.Literal('decline'),
      Type.Literal('error-500'),
      Type.Literal('rate-limit'),
      Type.Literal('timeout-before'),
      Type.Literal('timeout-after'),
      Type.Literal('late-failure'),
      Type.Literal('late-recapture'),
    ]),
    times: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
    delayMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 600_000 })),
    order: Type.Optional(Token),
    /** Why it declines, and what the store's account has then. */
    code: Type.Optional(
      Type.Union([Type.Literal('declined'), Type.Literal('insufficient-balance'), Type.Literal('account-closed')]),
    ),
    available: Type.Optional(Amount),
  }),
  /** What is left out is as the provider is known for the method. */
  // Of this name no object can have a field.
  capabilities: Type.Object({
    method: Type.String({ pattern: '^(?!__proto__$)[A-Za-z0-9_-]{1,64}$' }),
    ...Type.Partial(CAPABILITY).properties,
  }),
};

/** entity → command → payload schema. */
export const COMMAND_SCHEMAS = { order, store, return: returned, gateway } as const;

export type CommandEntity = keyof typeof COMMAND_SCHEMAS;
export type OrderCommands = { [Name in keyof typeof order]: Static<(typeof order)[Name]> };
export type StoreCommands = { [Name in keyof typeof store]: Static<(typeof store)[Name]> };
export type ReturnCommands = { [Name in keyof typeof returned]: Static<(typeof returned)[Name]> };
export type GatewayCommands = { [Name in keyof typeof gateway]: Static<(typeof gateway)[Name]> };

const OPS: OriginKind[] = ['ops'];
const GATEWAY: OriginKind[] = ['gateway', 'ops'];
const CHANNEL: OriginKind[] = ['channel', 'ops'];
const CLERK: OriginKind[] = ['store', 'ops'];
const ANY_PERSON: OriginKind[] = ORIGIN_KINDS.filter((kind) => kind !== 'gateway');

/** Which kind of origin may send what. Whether a store speaks of its own is the actor's to judge. */
export const RIGHTS: { [Entity in CommandEntity]: Record<keyof (typeof COMMAND_SCHEMAS)[Entity], OriginKind[]> } = {
  order: {
    place: CHANNEL,
    cancel: CHANNEL,
    hold: OPS,
    release: OPS,
    refund: OPS,
    accept: CLERK,
    decline: CLERK,
    'short-pick': CLERK,
    ready: CLERK,
    ship: CLERK,
    collect: CLERK,
    sell: CLERK,
    confirm: OPS,
    fail: OPS,
    retry: OPS,
    'request-payment': OPS,
    paid: OPS,
    notify: GATEWAY,
    'settle-refund': OPS,
    resolve: OPS,
  },
  store: { open: OPS, close: OPS, stock: CLERK, adjust: CLERK },
  return: { request: ANY_PERSON, receive: CLERK, inspect: CLERK, 'hand-back': CLERK, cancel: ANY_PERSON },
  gateway: { script: OPS, capabilities: OPS },
};
