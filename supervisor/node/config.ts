/** The configuration file of a node (`--config FILE`, JSON). Everything has a default. */
import { readFileSync } from 'node:fs';
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import type { ReturnPolicy } from '../../actors/return/policy.ts';
import type { RuleBook } from '../../protocols/commission.ts';
import { TOKEN_PATTERN } from '../../protocols/token.ts';
import type { ReportLimits } from '../report/report-file.ts';
import { completeReturns, DEFAULT_RETURNS, ReturnsSchema } from './returns-config.ts';
import { configuredRules } from './rule-file.ts';

const HOUR_MS = 3600 * 1000;
/** At most a year; fractions are allowed. */
const Hours = Type.Number({ exclusiveMinimum: 0, maximum: 8784 });
const Positive = (most: number) => Type.Integer({ minimum: 1, maximum: most });

const AccountSchema = Type.Object(
  {
    /** Average number of calls a second, and how many may go at once after a pause. */
    requestsPerSecond: Type.Optional(Positive(100_000)),
    burst: Type.Optional(Positive(100_000)),
    concurrency: Type.Optional(Positive(10_000)),
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

const ConfigSchema = Type.Object(
  {
    /** Fixed for the life of the stream COMMANDS: an existing stream's number wins. */
    partitions: Type.Optional(Positive(1024)),
    replicas: Type.Optional(Positive(5)),
    gateway: Type.Optional(
      Type.Object(
        { accounts: Type.Optional(Type.Record(Type.String({ pattern: TOKEN_PATTERN }), AccountSchema)) },
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
    offerTimeoutMs: Type.Optional(Positive(30 * 24 * 3600 * 1000)),
    /** How long ready goods of click and collect, and reserved ones, wait for the customer. */
    collectWithinHours: Type.Optional(Hours),
    reserveForHours: Type.Optional(Hours),
    returns: Type.Optional(ReturnsSchema),
    report: Type.Optional(ReportSchema),
    /** Rules, or the file that holds them: rule-file.ts checks them. */
    commission: Type.Optional(Type.Unknown()),
  },
  { additionalProperties: false },
);

const validator = Compile(ConfigSchema);

export interface AccountLimits {
  requestsPerSecond: number;
  burst: number;
  concurrency: number;
}

export interface Config {
  partitions: number;
  replicas: number;
  accounts: Record<string, AccountLimits>;
  cache: { maxActors: number; maxBytes: number };
  offerTimeoutMs: number;
  collectWithinMs: number;
  reserveForMs: number;
  returns: ReturnPolicy;
  report: ReportLimits & { folder?: string };
  commission: RuleBook;
}

const DEFAULT_LIMITS: AccountLimits = { requestsPerSecond: 100, burst: 100, concurrency: 50 };

export const DEFAULT_CONFIG: Config = {
  partitions: 32,
  replicas: 1,
  accounts: { main: DEFAULT_LIMITS },
  cache: { maxActors: 50_000, maxBytes: 256 * 1024 * 1024 },
  offerTimeoutMs: 4 * 3600 * 1000,
  collectWithinMs: 168 * HOUR_MS,
  reserveForMs: 48 * HOUR_MS,
  returns: DEFAULT_RETURNS,
  report: { memoryMb: 256, threads: 2 },
  commission: { versions: [] },
};

/** Throws an error that names the file, the field and the rule. */
export function readConfig(file: string | undefined): Config {
  if (file === undefined) return DEFAULT_CONFIG;
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  return completeConfig(parsed, file);
}

function completeConfig(given: unknown, source: string): Config {
  if (!validator.Check(given)) {
    const first = [...validator.Errors(given)][0];
    const path = first?.instancePath.slice(1).replaceAll('/', '.') || 'the file';
    throw new Error(`${source}: ${path} ${first?.message ?? 'is not valid'}`);
  }
  const config: Static<typeof ConfigSchema> = given;
  const accounts: Record<string, AccountLimits> = {};
  for (const [account, limits] of Object.entries(config.gateway?.accounts ?? { main: {} })) {
    const requestsPerSecond = limits.requestsPerSecond ?? DEFAULT_LIMITS.requestsPerSecond;
    accounts[account] = {
      requestsPerSecond,
      burst: limits.burst ?? requestsPerSecond,
      concurrency: limits.concurrency ?? DEFAULT_LIMITS.concurrency,
    };
  }
  return {
    partitions: config.partitions ?? DEFAULT_CONFIG.partitions,
    replicas: config.replicas ?? DEFAULT_CONFIG.replicas,
    accounts,
    cache: { ...DEFAULT_CONFIG.cache, ...config.cache },
    offerTimeoutMs: config.offerTimeoutMs ?? DEFAULT_CONFIG.offerTimeoutMs,
    collectWithinMs: inMs(config.collectWithinHours) ?? DEFAULT_CONFIG.collectWithinMs,
    reserveForMs: inMs(config.reserveForHours) ?? DEFAULT_CONFIG.reserveForMs,
    returns: completeReturns(config.returns ?? {}, source),
    report: { ...DEFAULT_CONFIG.report, ...config.report },
    commission: configuredRules(config.commission, source),
  };
}

const inMs = (hours: number | undefined): number | undefined =>
  hours === undefined ? undefined : Math.ceil(hours * HOUR_MS);
