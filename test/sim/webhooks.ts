/**
 * What the provider tells by itself, beside its answers: of some keys, in no order, more than once, before the answer is heard, by key
 * or by transaction alone; and now and then something that differs, which must change no money.
 */
import type { OrderCommands } from '../../protocols/commands.ts';
import { decodeBatch, type SimulatorEntry } from '../../supervisor/gateway/simulator-entry.ts';
import { SimulatorState } from '../../supervisor/gateway/simulator-state.ts';
import { accountOf, type ProviderLog } from './gateway-host.ts';
import type { Random } from './random.ts';
import type { Terminal } from './terminal.ts';
import type { World } from './world.ts';

type Notice = OrderCommands['notify'];

const TOLD = 0.25;
const LATEST_MS = 6000;

export class Webhooks {
  private readonly world: World;
  private readonly terminal: Terminal;
  private readonly random: Random;
  private readonly state = new SimulatorState();
  private readonly calls = new Map<string, Extract<SimulatorEntry, { entry: 'call' }>['call']>();

  constructor(world: World, terminal: Terminal, random: Random) {
    this.world = world;
    this.terminal = terminal;
    this.random = random;
  }

  follow(log: ProviderLog): void {
    log.appended = (bytes) => {
      for (const entry of decodeBatch(bytes).entries) this.happened(entry);
    };
  }

  /** As the provider's own books have it. */
  lookup(key: string): ReturnType<SimulatorState['lookup']> {
    return this.state.lookup(key);
  }

  /** It had been accepted before it failed, and will not be taken after all. */
  failedForCertain(key: string): boolean {
    const answer = this.state.lookup(key);
    const hasFailedLate = answer?.answer === 'declined' && answer.gatewayReference !== undefined;
    return hasFailedLate && this.state.lateNews().get(key)?.isTakenAfterAll !== true;
  }

  private happened(entry: SimulatorEntry): void {
    this.state.apply(entry);
    if (entry.entry === 'call') this.answered(entry.call, entry.at);
    else if (entry.entry === 'dated') this.changedLate(entry.key);
  }

  private answered(call: Extract<SimulatorEntry, { entry: 'call' }>['call'], at: number): void {
    const answer = this.state.lookup(call.key);
    if (!answer || this.calls.has(call.key)) return;
    this.calls.set(call.key, call);
    if (answer.answer === 'ok') {
      this.tell(call.key, { outcome: 'confirmed', gatewayReference: answer.gatewayReference }, at);
    } else if (answer.answer === 'declined') {
      this.tell(call.key, { outcome: 'failed', code: answer.code, reason: answer.reason }, at);
    }
  }

  private changedLate(key: string): void {
    const late = this.state.lateNews().get(key);
    if (late?.datedAt === undefined) return;
    const { outcome, gatewayReference, datedAt } = late;
    const code = outcome === 'failed' ? { code: 'late-failure' } : {};
    this.tell(key, { outcome, gatewayReference, ...code }, datedAt);
  }

  private tell(key: string, what: Pick<Notice, 'outcome' | 'gatewayReference' | 'code' | 'reason'>, at: number): void {
    const { random } = this;
    const call = this.calls.get(key);
    if (!call || !random.chance(TOLD)) return;
    const { kind, order: id, amount, currency, transaction, party } = call;
    const isNamed = party !== undefined || random.chance(0.7);
    const notice: Notice = {
      ...(isNamed ? { key } : { transaction }),
      ...what,
      kind,
      amount: random.chance(0.03) ? amount + 1 : amount,
      currency,
      at: new Date(at).toISOString(),
    };
    const to = { origin: `gateway-${accountOf(transaction)}`, entity: 'order', id, name: 'notify' };
    this.world.expect(random.between(0, LATEST_MS), () => this.terminal.send(to, notice));
  }
}
