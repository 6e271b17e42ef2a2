/** What the methods of each account can do, as this node knows it: shipped, configured, and changed by `capabilities` since. */
import { accountMethods, type Overrides } from '../../actors/capability/account-methods.ts';
import { type AccountTerms, storedOverrides } from '../../actors/gateway-account/gateway-account.ts';
import type { Capability } from '../../protocols/capability.ts';

const NO_METHODS: ReadonlyMap<string, Capability> = new Map();

export class KnownCapabilities {
  private readonly accounts: ReadonlyMap<string, AccountTerms>;
  private readonly known = new Map<string, ReadonlyMap<string, Capability>>();

  constructor(accounts: ReadonlyMap<string, AccountTerms>) {
    this.accounts = accounts;
    for (const account of accounts.keys()) this.replace(account, {});
  }

  /** `record`: the account's, as it is stored. */
  readonly learn = (account: string, record: Uint8Array): void => this.replace(account, storedOverrides(record));

  methods(account: string): ReadonlyMap<string, Capability> {
    return this.known.get(account) ?? NO_METHODS;
  }

  private replace(account: string, said: Overrides): void {
    const terms = this.accounts.get(account);
    if (terms) this.known.set(account, accountMethods(terms.provider, terms.methods, said));
  }
}
