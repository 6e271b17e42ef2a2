/** The configuration file of a node (`--config FILE`, JSON). Everything has a default. */
import { readFileSync } from 'node:fs';
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { DEFAULT_EXPIRY } from '../../actors/order/capture/expiry.ts';
import { DEFAULT_PAYOUT } from '../../actors/order/payout/payout-period.ts';
import type { ExpiryPolicy, PayoutPolicy } from '../../actors/order/policies.ts';
import type { OrderPolicy } from '../../actors/order/record.ts';
import type { ReturnPolicy } from '../../actors/return/policy.ts';
import { brokenRule } from '../../protocols/broken-rule.ts';
import type { RuleBook } from '../../protocols/commission.ts';
import { DAY_MS, HOUR_MS } from '../../protocols/durations.ts';
import { MAX_PARTITIONS } from '../../protocols/partition.ts';
import { messageOf } from '../../protocols/thrown.ts';
import type { AuditPolicy } from '../reconcile/account-audit.ts';
import type { ReportLimits } from '../report/report-file.ts';
import { type Accounts, AccountsSchema, completeAccounts, DEFAULT_ACCOUNTS } from './accounts-config.ts';
import { AuthorisationSchema, completeExpiry } from './expiry-config.ts';
import { Hours, inMs } from './hours.ts';
import { completePayout, PayoutSchema } from './payout-config.ts';
import { completeReturns, DEFAULT_RETURNS, ReturnsSchema } from './returns-config.ts';
import { configuredRules } from './rule-file.ts';

const Positive = (most: number) => Type.Integer({ minimum: 1, maximum: most });

const RefundsSchema = Type.Object(
  {
    /** To which payment of an order its refunds go. */
    to: Type.Optional(Type.Enum(['reverse', 'same-as-drawn', 'proportional'])),
    /** What becomes of one that fails. */
    onFailure: Type.Optional(Type.Enum(['ask', 'next-tender'])),
  },
  { additionalProperties: false },
);

const ReportSchema = Type.Object(
  {
    /** Where each node that projects the report has its file; else in its data folder, and without one it has no report. */
    folder: Type.Optional(Type.String({ minLength: 1 })),
    memoryMb: Type.Optional(Type.Integer({ minimum: 64, maximum: 1024 * 1024 })),
    threads: Type.Optional(Positive(256)),
  },
  { additionalProperties: false },
);

const AuditSchema = Type.Object(
  {
    /** How often the ledger is compared with the gateway's journal, and how long they may differ before somebody is told. */
    everySeconds: Type.Optional(Positive(24 * 3600)),
    graceSeconds: Type.Optional(Positive(7 * 24 * 3600)),
  },
  { additionalProperties: false },
);

const ConfigSchema = Type.Object(
  {
    /** Fixed for the life of the stream COMMANDS: an existing stream's number wins. */
    partitions: Type.Optional(Positive(MAX_PARTITIONS)),
    replicas: Type.Optional(Positive(5)),
    gateway: Type.Optional(
      Type.Object(
        { accounts: Type.Optional(AccountsSchema), audit: Type.Optional(AuditSchema) },
        { additionalProperties: false },
      ),
    ),
    cache: Type.Optional(
      Type.Object(
        { maxActors: Type.Optional(Positive(10_000_000)), maxBytes: Type.Optional(Positive(64 * 1024 ** 3)) },
        { additionalProperties: false },
      ),
    ),
    /** How long a store may think about an offer before it goes to the next one. */
    offerTimeoutMs: Type.Optional(Positive(30 * DAY_MS)),
    /** How long ready goods of click and collect, and reserved ones, wait for the customer. */
    collectWithinHours: Type.Optional(Hours),
    reserveForHours: Type.Optional(Hours),
    /** How long a store that accepted may take to make goods ready, until a person is told. */
    readyWithinHours: Type.Optional(Hours),
    /** How long a return waits for the order that it pays for, and an order for its return. */
    exchangeWithinHours: Type.Optional(Hours),
    authorisation: Type.Optional(AuthorisationSchema),
    payout: Type.Optional(PayoutSchema),
    /** The fee goes whole with the first capture, or a part with each, by the value of its goods. Frozen on an order when it is placed. */
    shipping: Type.Optional(Type.Enum(['first-ready', 'pro-rata'])),
    returns: Type.Optional(ReturnsSchema),
    refunds: Type.Optional(RefundsSchema),
    /** How long what a provider tells of an order is kept, when the order is not there. */
    keepNoticesHours: Type.Optional(Hours),
    report: Type.Optional(ReportSchema),
    /** Rules, or the file that holds them: rule-file.ts checks them. */
    commission: Type.Optional(Type.Unknown()),
  },
  { additionalProperties: false },
);

const validator = Compile(ConfigSchema);

export interface Config {
  partitions: number;
  replicas: number;
  accounts: Accounts;
  cache: { maxActors: number; maxBytes: number };
  offerTimeoutMs: number;
  collectWithinMs: number;
  reserveForMs: number;
  /** None: nobody is told. */
  readyWithinMs: number | undefined;
  exchangeWithinMs: number;
  expiry: ExpiryPolicy;
  payout: PayoutPolicy;
  shipping: OrderPolicy['shipping'];
  refundsTo: NonNullable<OrderPolicy['refundsTo']>;
  refundFailure: NonNullable<OrderPolicy['refundFailure']>;
  returns: ReturnPolicy;
  keepNoticesMs: number;
  report: ReportLimits & { folder?: string };
  audit: AuditPolicy;
  commission: RuleBook;
}

export const DEFAULT_CONFIG: Config = {
  partitions: 32,
  replicas: 1,
  accounts: DEFAULT_ACCOUNTS,
  cache: { maxActors: 50_000, maxBytes: 256 * 1024 * 1024 },
  offerTimeoutMs: 4 * HOUR_MS,
  collectWithinMs: 168 * HOUR_MS,
  reserveForMs: 48 * HOUR_MS,
  readyWithinMs: undefined,
  exchangeWithinMs: 168 * HOUR_MS,
  expiry: DEFAULT_EXPIRY,
  payout: DEFAULT_PAYOUT,
  shipping: 'first-ready',
  refundsTo: 'reverse',
  refundFailure: 'ask',
  returns: DEFAULT_RETURNS,
  keepNoticesMs: 168 * HOUR_MS,
  report: { memoryMb: 256, threads: 2 },
  audit: { everyMs: 10 * 1000, graceMs: 600 * 1000 },
  commission: { versions: [] },
};

/** Throws an error that names the file, the field and the rule. */
export function readConfig(file: string | undefined): Config {
  if (file === undefined) return DEFAULT_CONFIG;
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file}: ${messageOf(error)}`);
  }
  return completeConfig(parsed, file);
}

function completeConfig(given: unknown, source: string): Config {
  if (!validator.Check(given)) {
    const { path, rule } = brokenRule([...validator.Errors(given)]);
    throw new Error(`${source}: ${path.slice(1).replaceAll('/', '.') || 'the file'} ${rule}`);
  }
  const config: Static<typeof ConfigSchema> = given;
  return {
    partitions: config.partitions ?? DEFAULT_CONFIG.partitions,
    replicas: config.replicas ?? DEFAULT_CONFIG.replicas,
    accounts: completeAccounts(config.gateway?.accounts, source),
    cache: { ...DEFAULT_CONFIG.cache, ...config.cache },
    offerTimeoutMs: config.offerTimeoutMs ?? DEFAULT_CONFIG.offerTimeoutMs,
    collectWithinMs: inMs(config.collectWithinHours) ?? DEFAULT_CONFIG.collectWithinMs,
    reserveForMs: inMs(config.reserveForHours) ?? DEFAULT_CONFIG.reserveForMs,
    readyWithinMs: inMs(config.readyWithinHours),
    exchangeWithinMs: inMs(config.exchangeWithinHours) ?? DEFAULT_CONFIG.exchangeWithinMs,
    refundsTo: config.refunds?.to ?? DEFAULT_CONFIG.refundsTo,
    refundFailure: config.refunds?.onFailure ?? DEFAULT_CONFIG.refundFailure,
    expiry: completeExpiry(config.authorisation ?? {}, source),
    payout: completePayout(config.payout ?? {}, source),
    shipping: config.shipping ?? DEFAULT_CONFIG.shipping,
    keepNoticesMs: inMs(config.keepNoticesHours) ?? DEFAULT_CONFIG.keepNoticesMs,
    returns: completeReturns(config.returns ?? {}, source),
    report: { ...DEFAULT_CONFIG.report, ...config.report },
    audit: completeAudit(config.gateway?.audit),
    commission: configuredRules(config.commission, source),
  };
}

function completeAudit({ everySeconds, graceSeconds }: Static<typeof AuditSchema> = {}): AuditPolicy {
  const { everyMs, graceMs } = DEFAULT_CONFIG.audit;
  return {
    everyMs: everySeconds === undefined ? everyMs : everySeconds * 1000,
    graceMs: graceSeconds === undefined ? graceMs : graceSeconds * 1000,
  };
}
