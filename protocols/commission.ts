/**
 * Commission rules: who gets which part of what customers pay (money rules, section 5).
 *
 * A rule book is a list of versions, each valid from an instant until the next one is. Rules of a version are ordered: the first
 * that matches a line decides. Where none does, the store's own commission holds (`open`).
 */
import Type, { type Static, type TSchema } from 'typebox';
import { CURRENCY_PATTERN, MAX_AMOUNT } from './currency.ts';
import { Instant } from './instant.ts';
import { TOKEN_PATTERN } from './token.ts';

const MAX_CHOICES = 1000;
const MAX_RULES = 10_000;
const MAX_VERSIONS = 1000;

export const SALE_MODES = ['ship-from-store', 'click-and-collect', 'reserve-and-collect', 'endless-aisle'] as const;
const Mode = Type.Enum([...SALE_MODES]);
export type SaleMode = Static<typeof Mode>;

const Token = Type.String({ pattern: TOKEN_PATTERN });
const Amount = Type.Integer({ minimum: 0, maximum: MAX_AMOUNT, description: 'minor units of `currency`' });
const Some = <T extends TSchema>(word: T) =>
  Type.Optional(Type.Union([word, Type.Array(word, { minItems: 1, maxItems: MAX_CHOICES })]));

const Rule = Type.Object(
  {
    rule: Type.String({ pattern: TOKEN_PATTERN, description: 'its name, once a version: reports say it' }),
    store: Some(Token),
    category: Some(Type.String({ minLength: 1, maxLength: 200 })),
    mode: Some(Mode),
    channel: Some(Token),
    currency: Type.Optional(Type.String({ pattern: CURRENCY_PATTERN })),
    percent: Type.Optional(
      Type.String({ pattern: '^[01](\\.[0-9]{1,8})?$', description: 'of the line net of tax, decimal string' }),
    ),
    fixed: Type.Optional(Amount),
    minimum: Type.Optional(Amount),
    maximum: Type.Optional(Amount),
    shipping: Type.Optional(Type.Union([Type.Literal('headquarters'), Type.Literal('store')])),
    handlingFee: Type.Optional(Amount),
    rounding: Type.Optional(Type.Literal('half-up')),
  },
  { additionalProperties: false },
);

const RuleVersionSchema = Type.Object(
  {
    version: Token,
    validFrom: Instant,
    rules: Type.Array(Rule, { maxItems: MAX_RULES }),
  },
  { additionalProperties: false },
);

export const RULE_BOOK = Type.Object(
  { versions: Type.Array(RuleVersionSchema, { maxItems: MAX_VERSIONS }) },
  { additionalProperties: false },
);

export type CommissionRule = Static<typeof Rule>;
export type RuleVersion = Static<typeof RuleVersionSchema>;
export type RuleBook = Static<typeof RULE_BOOK>;

/** What headquarters keeps of a line: a rate of its net, or an amount a unit; no less than `minimum`, no more than `maximum` a line. */
export interface Commission {
  /** Decimal string. */
  readonly percent?: string;
  /** Minor units, as all amounts here. */
  readonly fixed?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** What a fulfilment freezes of the rule that matched one of its lines. */
export interface FrozenRule extends Commission {
  readonly version: string;
  readonly rule: string;
  /** Minor units for each accepted unit that another store prepared, from headquarters to the store that took it back. */
  readonly handlingFee?: number;
}
