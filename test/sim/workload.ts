/** What people do in a run: all of it drawn from the seed, all of it as bytes over the wire contract. */
import { Clerks } from './clerks.ts';
import { Customers } from './customers.ts';
import type { ProviderLog } from './gateway-host.ts';
import type { Heard } from './heard.ts';
import { sendHostileCommands } from './hostiles.ts';
import { Operators } from './operators.ts';
import { changeCapabilities, scriptProvider } from './provider-scripts.ts';
import type { Random } from './random.ts';
import { Shops } from './shops.ts';
import { type Outcome, Terminal } from './terminal.ts';
import { Webhooks } from './webhooks.ts';
import type { World } from './world.ts';

export class Workload {
  readonly customers: Customers;
  private readonly world: World;
  private readonly terminal: Terminal;
  private readonly clerks: Clerks;
  private readonly shops: Shops;
  private readonly operators: Operators;
  private readonly random: Random;

  constructor(world: World, random: Random, provider: ProviderLog) {
    this.world = world;
    this.random = random;
    this.terminal = new Terminal(world);
    this.shops = new Shops(world, this.terminal, random.fork('shops'));
    this.customers = new Customers(world, this.terminal, random.fork('customers'), this.shops.names);
    this.clerks = new Clerks(world, this.terminal, random.fork('clerks'), (order) => this.customers.places.get(order));
    const webhooks = new Webhooks(world, this.terminal, random.fork('webhooks'));
    webhooks.follow(provider);
    this.operators = new Operators(world, this.terminal, random.fork('operators'), webhooks);
  }

  start(mostOrders: number): void {
    this.shops.open();
    this.customers.start(this.random.between(Math.ceil(mostOrders / 3), mostOrders));
    const perOrder = (most: number): number => Math.ceil(most * mostOrders);
    sendHostileCommands(this.world, this.terminal, this.random.fork('hostiles'), perOrder(4 / 3));
    scriptProvider(this.world, this.terminal, this.random.fork('provider'), perOrder(5 / 3));
    changeCapabilities(this.world, this.terminal, this.random.fork('capabilities'), perOrder(5 / 9));
  }

  notice(heard: Heard): void {
    const again = this.world.faults.happens('doubled-notice');
    for (let times = again ? 2 : 1; times > 0; times--) {
      this.world.expect(this.world.latency(), () => this.hear(heard));
    }
  }

  private hear(heard: Heard): void {
    if ('outcome' in heard.payload) this.terminal.hearOutcome(heard.payload as unknown as Outcome);
    this.clerks.hear(heard);
    this.customers.hear(heard);
    this.operators.hear(heard);
  }
}
