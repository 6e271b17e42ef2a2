/**
 * Serves one simulated account: a provider whose memory is a log, so that it survives the death of any node and of the server.
 *
 * H1  Nothing is answered before it is in the log. Calls that arrive while an append is under way share the next one.
 * H2  Look-ups and the journal wait for the calls before them, and see what other hosts appended.
 * H3  A late failure (or recapture) is told until somebody confirmed it, by whichever host is there, and of one time by all of
 *     them: who tells of a failure late does not undo its recapture.
 */
import type { LookupAnswer, ProviderAnswer } from '../../actors/gateway/answer.ts';
import type { GatewayRequest, GatewayResult } from '../../protocols/gateway.ts';
import type { Clock } from '../clock.ts';
import type { SimulatorLog } from './ports.ts';
import type { Provider } from './provider.ts';
import { DECLINES } from './simulator-books.ts';
import type { Call, Capabilities, LateNews, Script, SimulatorEntry } from './simulator-entry.ts';
import type { Journal, Movements, Page } from './simulator-journal.ts';
import type { Reaction, SimulatorState } from './simulator-state.ts';
import { SimulatorStore } from './simulator-store.ts';

export interface SimulatorPorts {
  log: SimulatorLog;
  clock: Clock;
  /** A unique id for each append. */
  newId: () => string;
}

export interface SimulatorTimes {
  /** How long a caller waits for an answer that never comes. */
  timeoutMs: number;
  /** How long after its answer a late failure happens, and after that a late recapture. */
  lateFailureMs: number;
}

/** Tells the order, and resolves when it is durable. */
export type LateListener = (result: GatewayResult, order: string) => Promise<void>;

/** As a command has it. */
export type SimulatorControl =
  | { control: 'script'; payload: Script }
  | { control: 'capabilities'; payload: Capabilities };

const SIMULATOR_TIMES: SimulatorTimes = { timeoutMs: 500, lateFailureMs: 500 };

/** Entries of one append: about 150 bytes each. */
const MAX_GROUP = 500;

interface Task {
  /** None: it only wants to see the state. */
  entry?: SimulatorEntry;
  done(reaction: Reaction | undefined): void;
  failed(cause: unknown): void;
}

export class Simulator implements Provider {
  private readonly store: SimulatorStore;
  private readonly clock: Clock;
  private readonly newId: () => string;
  private readonly times: SimulatorTimes;
  private tasks: Task[] = [];
  private running = false;
  private stopped = false;
  private listener: LateListener | undefined;
  /** Key of late news that is being told → cancels its timer. */
  private readonly telling = new Map<string, () => void>();

  constructor({ log, clock, newId }: SimulatorPorts, times: SimulatorTimes = SIMULATOR_TIMES) {
    this.store = new SimulatorStore(log);
    this.clock = clock;
    this.newId = newId;
    this.times = times;
  }

  async execute(request: GatewayRequest): Promise<ProviderAnswer> {
    try {
      const reaction = await this.submit({ entry: 'call', at: this.clock.now(), call: callOf(request) });
      if (reaction) return await this.later(reaction);
    } catch {
      // The caller can't know whether the call was received: like a connection that broke.
    }
    return { answer: 'fault', fault: 'connection' };
  }

  async lookup(key: string): Promise<LookupAnswer> {
    try {
      await this.submit();
      return this.store.state.lookup(key) ?? { answer: 'not-found' };
    } catch {
      return { answer: 'fault', fault: 'connection' };
    }
  }

  /** Resolves when it is in the log. The same id again changes nothing. */
  async control(id: string, { control, payload }: SimulatorControl): Promise<void> {
    await this.submit(
      control === 'script' ? { entry: 'script', id, script: payload } : { entry: control, id, capabilities: payload },
    );
  }

  async journal(page?: Page): Promise<Journal> {
    await this.submit();
    return this.store.state.journal(page);
  }

  async movements(page: Page): Promise<Movements> {
    await this.submit();
    return this.store.state.movements(page);
  }

  async standing(key: string): Promise<ReturnType<SimulatorState['standing']>> {
    await this.submit();
    return this.store.state.standing(key);
  }

  /** From now on late failures and recaptures happen, and are told; those of before too. */
  async tellLateNews(listener: LateListener): Promise<void> {
    this.listener = listener;
    await this.submit();
  }

  /** No more late news from this host; calls under way are still answered. */
  stop(): void {
    this.stopped = true;
    for (const cancel of this.telling.values()) cancel();
    this.telling.clear();
  }

  private submit(entry?: SimulatorEntry): Promise<Reaction | undefined> {
    return new Promise((done, failed) => {
      this.tasks.push(entry ? { entry, done, failed } : { done, failed });
      void this.work();
    });
  }

  private async work(): Promise<void> {
    if (this.running) return;
    this.running = true;
    // Callers of the same moment share the first group.
    await Promise.resolve();
    while (this.tasks.length > 0) await this.handle(this.tasks.splice(0, MAX_GROUP));
    this.running = false;
  }

  private async handle(group: Task[]): Promise<void> {
    try {
      const entries = group.flatMap(({ entry }) => entry ?? []);
      const reactions = entries.length > 0 ? await this.store.append({ id: this.newId(), entries }) : [];
      if (entries.length === 0) await this.store.catchUp();
      let next = 0;
      for (const task of group) task.done(task.entry ? reactions[next++] : undefined);
    } catch (cause) {
      for (const task of group) task.failed(cause);
    }
    this.watchLateNews();
  }

  private later({ answer, delayMs }: Reaction): Promise<ProviderAnswer> {
    const silent = answer.answer === 'fault' && answer.fault === 'timeout';
    const waitMs = delayMs + (silent ? this.times.timeoutMs : 0);
    if (waitMs === 0) return Promise.resolve(answer);
    return new Promise((resolve) => this.clock.after(waitMs, () => resolve(answer)));
  }

  private watchLateNews(): void {
    if (!this.listener || this.stopped) return;
    for (const late of this.store.state.lateNews().values()) {
      if (!this.telling.has(late.key)) this.tellLater(late, this.listener);
    }
  }

  private tellLater(late: Readonly<LateNews>, listener: LateListener): void {
    const cancel = this.clock.after(this.times.lateFailureMs, () => void this.tell(late, listener));
    this.telling.set(late.key, cancel);
  }

  private async tell(late: Readonly<LateNews>, listener: LateListener): Promise<void> {
    const { key, order, outcome } = late;
    try {
      const at = this.clock.now();
      if (!late.happened)
        await this.submit({ entry: outcome === 'failed' ? 'late-failure' : 'late-recapture', key, at });
      await this.submit({ entry: 'dated', key, outcome, at: this.clock.now() });
      const known = this.store.state.lateNews().get(key);
      if (known?.outcome === outcome) {
        await listener(resultOf(known), order);
        await this.submit({ entry: 'told', key, outcome });
      }
      this.telling.delete(key);
      // What failed may be taken after all.
      this.watchLateNews();
    } catch {
      if (!this.stopped) this.tellLater(late, listener);
    }
  }
}

function callOf(request: GatewayRequest): Call {
  const { key, kind, order, transaction, method, amount, currency, party, notAfter, authorisation } = request;
  const call: Call = { key, kind, order, transaction, method, amount, currency };
  if (party !== undefined) call.party = party;
  if (notAfter !== undefined) call.notAfter = notAfter;
  if (authorisation !== undefined) call.authorisation = authorisation;
  return call;
}

function resultOf({ key, kind, gatewayReference, outcome, datedAt = 0 }: LateNews): GatewayResult {
  const result = { key, kind, outcome, gatewayReference, at: new Date(datedAt).toISOString() };
  return outcome === 'failed' ? { ...result, code: 'late-failure', reason: DECLINES['late-failure'] } : result;
}
