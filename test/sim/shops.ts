/** The stores of a run: how they are opened, what lies in them, and counts that find something else. */
import type { StoreCommands } from '../../protocols/commands.ts';
import type { Random } from './random.ts';
import type { Terminal } from './terminal.ts';
import type { World } from './world.ts';

export const SKUS = ['lamp', 'chair', 'tin', '71053', 'kettle', '__proto__'] as const;
const COMMISSIONS = ['0', '0.15', '0.3333', '0.07125', '0.5', '1'] as const;
const OPENING_MS = 1500;
const TRADING_MS = 60_000;

export class Shops {
  readonly names: string[];
  private readonly world: World;
  private readonly terminal: Terminal;
  private readonly random: Random;

  constructor(world: World, terminal: Terminal, random: Random) {
    this.world = world;
    this.terminal = terminal;
    this.random = random;
    this.names = Array.from({ length: random.between(2, 4) }, (_, index) => `store-${index + 1}`);
  }

  open(): void {
    for (const name of this.names) {
      const terms = this.terms(name);
      const plenty = this.random.chance(0.6);
      this.world.expect(this.random.between(0, OPENING_MS), () => {
        this.terminal.send({ origin: 'ops-sim', entity: 'store', id: name, name: 'open' }, terms, () =>
          this.fill(name, plenty),
        );
      });
      for (let counts = this.random.between(0, 3); counts > 0; counts--) {
        this.world.expect(this.random.between(OPENING_MS, TRADING_MS), () => this.count(name));
      }
      if (this.random.chance(0.15)) this.closeAndOpen(name, terms);
      if (this.random.chance(0.4)) this.changeAccounts(name, terms);
    }
  }

  private terms(name: string): StoreCommands['open'] {
    const { random } = this;
    const ownership = random.pick(['company', 'franchise', 'franchise'] as const);
    const common = { name, ownership, country: 'FR', priority: random.between(0, 3), autoAccept: random.chance(0.4) };
    if (ownership === 'company') return common;
    const account = random.chance(0.95) ? { payoutAccount: `acct_${name}` } : {};
    const when = random.chance(0.3) ? { payoutWhen: random.pick(['at-hand-over', 'by-period'] as const) } : {};
    return { ...common, ...account, ...when, commission: random.pick(COMMISSIONS) };
  }

  private fill(name: string, plenty: boolean): void {
    const items = SKUS.filter(() => plenty || this.random.chance(0.7)).map((sku) => ({
      sku,
      quantity: plenty ? 1000 : this.random.between(0, 20),
    }));
    if (items.length === 0) return;
    this.terminal.send({ origin: name, entity: 'store', id: name, name: 'stock' }, { items });
  }

  /** Mostly less than there was: it takes what was promised from somebody. */
  private count(name: string): void {
    const sku = this.random.pick(SKUS);
    const origin = this.random.chance(0.9) ? name : 'ops-sim';
    if (this.random.chance(0.6)) {
      const items = [{ sku, quantity: this.random.between(0, 6) }];
      this.terminal.send({ origin, entity: 'store', id: name, name: 'stock' }, { items });
    } else {
      const items = [{ sku, delta: this.random.between(-15, 30) }];
      this.terminal.send({ origin, entity: 'store', id: name, name: 'adjust' }, { items, reason: 'counted' });
    }
  }

  /** So often that orders are paid out to several: what an account got is its own to give back. */
  private changeAccounts(name: string, terms: StoreCommands['open']): void {
    if (terms.payoutAccount === undefined) return;
    const to = { origin: 'ops-sim', entity: 'store', id: name, name: 'open' };
    for (let changes = this.random.between(1, 15); changes > 0; changes--) {
      const changed = { ...terms, payoutAccount: `${terms.payoutAccount}_${changes}` };
      this.world.expect(this.random.between(OPENING_MS, TRADING_MS), () => this.terminal.send(to, changed));
    }
  }

  private closeAndOpen(name: string, terms: StoreCommands['open']): void {
    const close = this.random.between(OPENING_MS, TRADING_MS);
    const to = { origin: 'ops-sim', entity: 'store', id: name };
    this.world.expect(close, () => this.terminal.send({ ...to, name: 'close' }, { reason: 'inventory' }));
    const commission = terms.ownership === 'franchise' ? { commission: this.random.pick(COMMISSIONS) } : {};
    const bought = this.random.chance(0.3) ? { ownership: 'company' as const } : {};
    this.world.expect(close + this.random.between(1000, 20_000), () =>
      this.terminal.send({ ...to, name: 'open' }, { ...terms, ...commission, ...bought }),
    );
  }
}
