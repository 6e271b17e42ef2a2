/** One run: a seed in, what was found out. */
import type { ActorKind } from '../../protocols/actor.ts';
import { actorKinds } from './actor-kinds.ts';
import { Cluster } from './cluster.ts';
import { commissionBook } from './commission-book.ts';
import { Faults } from './faults.ts';
import { ProviderLog } from './gateway-host.ts';
import { GatewayQueue } from './gateway-queue.ts';
import { heardFrom } from './heard.ts';
import { Invariants } from './invariants.ts';
import { isRequest, MemoryServer, type Stored } from './memory-server.ts';
import { memorySourcing, StoreNews } from './memory-sourcing.ts';
import { Random } from './random.ts';
import { Trace } from './trace.ts';
import { VirtualTime } from './virtual-time.ts';
import { Workload } from './workload.ts';
import { START, World } from './world.ts';

export interface RunOptions {
  seed: number;
  /** Of a run, at most: a trace of few can be read, many meet at their stores. */
  orders?: number;
  /** Without any fault. */
  calm?: boolean;
  print?: (line: string) => void;
  /** Every message of the bucket, as it is stored. */
  stored?: (message: Stored) => void;
}

export interface RunReport {
  seed: number;
  /** Of the trace. */
  hash: () => string;
  violations: string[];
  counts: Map<string, number>;
}

export const MOST_ORDERS = 2;
/** Virtual: faults end, and everything is to come to rest. */
const CALM_AFTER_MS = 60_000;
const REST_WITHIN_MS = 3_600_000;
const LOOK_EVERY = 16;
/** Commands that tell of money beside its normal course: counted, as faults are. */
const AFTERWARDS = new Set([
  'notify',
  'confirm',
  'fail',
  'retry',
  'request-payment',
  'settle-refund',
  'paid',
  'resolve',
]);
const MAX_EVENTS = 400_000;

export async function simulate({
  seed,
  orders = MOST_ORDERS,
  calm = false,
  print,
  stored,
}: RunOptions): Promise<RunReport> {
  // From here on we are in a microtask, wherever we came from: virtual time settles by that.
  await undefined;
  const random = new Random(seed);
  const time = new VirtualTime(START);
  const faults = new Faults(random.fork('faults'), calm);
  const server = new MemoryServer(time, random.fork('server'), random.between(1, 6));
  const world = new World({ time, random: random.fork('world'), faults, server, trace: new Trace(START, print) });
  const queue = new GatewayQueue(world);
  const provider = new ProviderLog();
  const news = new StoreNews(world);
  const workload = new Workload(world, random.fork('workload'), provider);
  const policy = random.fork('policy');
  const rules = commissionBook(policy.fork('rules'));
  const kinds: readonly ActorKind[] = actorKinds(server, policy, rules);
  const invariants = new Invariants({ world, provider, places: workload.customers.places, rules });
  server.listener = {
    stored: (message: Stored, replaced: Stored | undefined) => {
      stored?.(message);
      invariants.stored(message, replaced);
      if (isRequest(message)) invariants.asked(message, queue.add(message));
      const heard = heardFrom(message);
      if (!heard) return;
      news.notice(heard, message);
      workload.notice(heard);
      invariants.heard(heard);
    },
    committed: (messages) => invariants.committed(messages),
  };
  const cluster = new Cluster(random.between(1, 3), {
    world,
    kinds,
    sourcing: (_, life, owns) => memorySourcing(world, life, owns, news),
    gateway: { queue, log: provider },
    defect: (error) => invariants.violated(`the turn failed: ${error.stack}`),
  });
  cluster.start();
  workload.start(orders);
  time.after(CALM_AFTER_MS, () => faults.end());
  const atRest = () =>
    time.now > START + CALM_AFTER_MS &&
    !world.expecting &&
    server.dueWithin(REST_WITHIN_MS).length === 0 &&
    queue.isEmpty &&
    server.unhandled.length === 0 &&
    invariants.providerIsQuiet();
  let rested = false;
  while (!rested && invariants.violations.length === 0) {
    await time.step();
    const overdue = time.now > START + REST_WITHIN_MS || time.passed > MAX_EVENTS;
    if (time.passed % LOOK_EVERY === 0 || overdue) rested = atRest();
    if (overdue && !rested) {
      invariants.violated(
        `no rest: expecting ${world.expecting}, schedules ${server.dueWithin(REST_WITHIN_MS)}, gateway ${queue.depth}, ` +
          `unhandled ${server.unhandled.map(({ subject }) => subject).slice(0, 5)}, quiet ${invariants.providerIsQuiet()}`,
      );
    }
  }
  if (rested) invariants.atRest();
  for (const behaviour of invariants.behaviours()) if (behaviour !== 'ok') faults.count(`provider ${behaviour}`);
  countCommands(server.commands, faults);
  faults.counts.set('events', time.passed);
  return { seed, violations: invariants.violations, counts: faults.counts, hash: () => world.trace.digest() };
}

function countCommands(commands: MemoryServer['commands'], faults: Faults): void {
  faults.counts.set('commands', commands.length);
  for (const { subject } of commands) {
    const name = subject.split('.')[4] ?? '';
    if (AFTERWARDS.has(name)) faults.count(`said ${name}`);
  }
}
