/** `gateway.accounts` of the configuration file: how fast each may be called, who is behind it, and what its methods can do. */
import Type, { type Static } from 'typebox';
import { accountMethods } from '../../actors/capability/account-methods.ts';
import { capabilityProblems } from '../../actors/capability/check-capability.ts';
import { PROVIDER_NAMES } from '../../actors/capability/shipped.ts';
import type { Limits } from '../../actors/gateway/budget.ts';
import type { AccountTerms } from '../../actors/gateway-account/gateway-account.ts';
import { CAPABILITY_OVERRIDE } from '../../protocols/capability.ts';
import { TOKEN_PATTERN } from '../../protocols/token.ts';
import { DEFAULT_LIMITS } from '../gateway/account-config.ts';

const STRICT = { additionalProperties: false } as const;
const Name = Type.String({ pattern: TOKEN_PATTERN });
const Positive = (most: number) => Type.Integer({ minimum: 1, maximum: most });

const AccountSchema = Type.Object(
  {
    /** Average number of calls a second, and how many may go at once after a pause. */
    requestsPerSecond: Type.Optional(Positive(100_000)),
    burst: Type.Optional(Positive(100_000)),
    concurrency: Type.Optional(Positive(10_000)),
    /** Whose methods it has. */
    provider: Type.Optional(Type.Enum(PROVIDER_NAMES)),
    /** Method → what this account has otherwise. */
    methods: Type.Optional(Type.Record(Name, Type.Object(CAPABILITY_OVERRIDE.properties, STRICT), STRICT)),
  },
  STRICT,
);

export const AccountsSchema = Type.Record(Name, AccountSchema, STRICT);

export interface AccountSettings extends AccountTerms {
  limits: Limits;
}

export type Accounts = ReadonlyMap<string, AccountSettings>;

export const DEFAULT_ACCOUNTS: Accounts = new Map([
  ['main', { limits: DEFAULT_LIMITS, provider: 'simulator', methods: {} }],
]);

/** Throws where a record, with what the provider is known for, makes no sense. */
export function completeAccounts(given: Static<typeof AccountsSchema> | undefined, source: string): Accounts {
  if (!given) return DEFAULT_ACCOUNTS;
  const accounts = new Map<string, AccountSettings>();
  for (const [account, { provider = 'simulator', methods = {}, ...limits }] of Object.entries(given)) {
    const known = accountMethods(provider, methods);
    for (const method of Object.keys(methods)) {
      const capability = known.get(method);
      const [problem] = capability ? capabilityProblems(capability) : [];
      if (problem) throw new Error(`${source}: gateway.accounts.${account}.methods.${method}.${problem}`);
    }
    const requestsPerSecond = limits.requestsPerSecond ?? DEFAULT_LIMITS.requestsPerSecond;
    const { burst = requestsPerSecond, concurrency = DEFAULT_LIMITS.concurrency } = limits;
    accounts.set(account, { limits: { requestsPerSecond, burst, concurrency }, provider, methods });
  }
  return accounts;
}
