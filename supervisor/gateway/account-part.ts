/**
 * One gateway account on the node that holds it: takes its requests by priority within the account's limits, carries each
 * through its attempts, and lets go of it when its result is durable.
 *
 * P1  A request is acknowledged only after its last result was delivered.
 * P2  A key is under way once on this node, however often it is delivered.
 * P3  A wait costs no slot: a request that backs off holds nobody up but itself.
 * P4  What is held is bounded by kind, and kept alive until it is let go.
 */
import type { LookupAnswer } from '../../actors/gateway/answer.ts';
import { decide, type Progress, proceed } from '../../actors/gateway/attempt.ts';
import { GATEWAY_KINDS, type GatewayKind, type GatewayResult } from '../../protocols/gateway.ts';
import type { Clock } from '../clock.ts';
import type { AccountConfig } from './account-config.ts';
import { type GatewayStatus, LastErrors } from './account-status.ts';
import { Admission } from './admission.ts';
import { type Held, HeldRequests } from './held-requests.ts';
import type { Delivery, Random, RequestSource, ResultSink } from './ports.ts';
import type { Provider } from './provider.ts';
import { RequestQueues } from './request-queues.ts';

export interface AccountPorts {
  source: RequestSource;
  sink: ResultSink;
  provider: Provider;
  clock: Clock;
  random: Random;
}

const TIMED_OUT: LookupAnswer = { answer: 'fault', fault: 'timeout' };
const CONNECTION_LOST: LookupAnswer = { answer: 'fault', fault: 'connection' };

/** `working` is said when half of the ack wait is over; looked at this often, it is never later than three quarters. */
const LOOKS_PER_ACK_WAIT = 4;

export class AccountPart {
  private readonly ports: AccountPorts;
  private readonly config: AccountConfig;
  private readonly admission: Admission;
  private readonly held: HeldRequests;
  private readonly queues = new RequestQueues<Held>();
  private readonly errors = new LastErrors();
  private readonly pulls = new AbortController();
  private readonly timers = new Set<() => void>();
  private wake: { at: number; cancel: () => void } | undefined;
  private phase: 'idle' | 'running' | 'draining' | 'ended' = 'idle';
  private readonly end: Promise<void>;
  private settle: { ended(): void; failed(cause: unknown): void } = { ended: () => {}, failed: () => {} };

  constructor(ports: AccountPorts, config: AccountConfig) {
    this.ports = ports;
    this.config = config;
    this.admission = new Admission(config.limits, config.circuit, ports.clock.elapsed());
    this.held = new HeldRequests(config.window);
    this.end = new Promise((ended, failed) => {
      this.settle = { ended, failed };
    });
    // Whoever runs the part hears of it from `run`.
    this.end.catch(() => {});
  }

  /** Resolves after `stop`. Rejects when a port failed: nothing is acknowledged then, all of it is delivered again. */
  run(): Promise<void> {
    if (this.phase !== 'idle') throw new Error(`the account part ${this.config.account} runs once`);
    this.phase = 'running';
    this.keepAlive();
    for (const kind of GATEWAY_KINDS) this.guard(this.pullAll(kind));
    return this.end;
  }

  /** Lets calls under way end, for as long as `drainMs`, and hands the rest back. */
  async stop(): Promise<void> {
    if (this.phase === 'idle') this.close();
    if (this.phase === 'running') {
      this.phase = 'draining';
      this.stopPulling();
      for (const held of this.held.all()) if (!held.busy) this.release(held);
      this.after(this.config.drainMs, () => this.close());
      this.closeWhenDrained();
    }
    await this.end.catch(() => {});
  }

  /** A result that the provider sent by itself; told after whatever the part still has to say of the key. */
  async late(result: GatewayResult, order: string): Promise<void> {
    await this.held.gone(result.key);
    if (this.phase === 'ended') throw new Error(`the account part ${this.config.account} has ended`);
    await this.ports.sink.deliver(result, order);
  }

  async status(): Promise<GatewayStatus> {
    const { account, limits } = this.config;
    const { depths, at } = await this.ports.source.depths();
    const queue = { ...depths };
    for (const kind of GATEWAY_KINDS) queue[kind] += this.held.count[kind];
    return {
      account,
      limits,
      queue,
      queueAt: new Date(at).toISOString(),
      circuit: this.admission.circuitState(this.ports.clock.elapsed()),
      inFlight: this.admission.inFlight,
      lastErrors: this.errors.list(),
    };
  }

  private async pullAll(kind: GatewayKind): Promise<void> {
    while (this.phase === 'running') {
      const room = await this.held.room(kind);
      if (this.phase !== 'running') return;
      const deliveries = await this.ports.source.pull(kind, room, this.pulls.signal);
      for (const delivery of deliveries) {
        if (this.phase === 'running') this.admit(delivery);
        else delivery.release();
      }
      this.pump();
    }
  }

  private admit(delivery: Delivery): void {
    const held = this.held.admit(delivery, this.ports.clock.elapsed());
    if (held) this.queues.push(delivery.request.kind, held);
  }

  /** Starts every call that may start now. */
  private pump(): void {
    if (this.phase !== 'running') return;
    for (let held = this.queues.peek(); held; held = this.queues.peek()) {
      const { request } = held.delivery;
      const step = decide(request, held.attempt, this.ports.clock.now(), this.config.attempts);
      if (step.step !== 'finish' && !this.mayCall()) return;
      this.queues.remove(request.kind, held);
      held.busy = true;
      if (step.step === 'finish') this.guard(this.finish(held, step.result));
      else this.call(held, step.step);
    }
  }

  private mayCall(): boolean {
    const now = this.ports.clock.elapsed();
    const decision = this.admission.take(now);
    if (decision.decision === 'ask-again') this.wakeAt(now, decision.waitMs);
    return decision.decision === 'go';
  }

  private call(held: Held, step: 'send' | 'look-up'): void {
    let open = true;
    const askedAt = this.ports.clock.now();
    const settle = (answer: LookupAnswer): void => {
      if (!open || this.phase === 'ended') return;
      open = false;
      cancel();
      this.answered(held, answer, askedAt);
    };
    const cancel = this.after(this.config.callTimeoutMs, () => settle(TIMED_OUT));
    this.ask(held, step).then(settle, () => settle(CONNECTION_LOST));
  }

  private async ask({ delivery }: Held, step: 'send' | 'look-up'): Promise<LookupAnswer> {
    const { provider } = this.ports;
    return step === 'send' ? provider.execute(delivery.request) : provider.lookup(delivery.request.key);
  }

  private answered(held: Held, answer: LookupAnswer, askedAt: number): void {
    this.admission.answered(answer, this.ports.clock.elapsed());
    this.noteError(held, answer);
    const { request } = held.delivery;
    const at = { askedAt, random: this.ports.random() };
    const progress = proceed(request, held.attempt, answer, at, this.config.attempts);
    this.guard(progress.progress === 'finished' ? this.finish(held, progress.result) : this.carryOn(held, progress));
    this.pump();
  }

  private async finish(held: Held, result: GatewayResult): Promise<void> {
    await this.ports.sink.deliver(result, held.delivery.request.order);
    // Handed back by now: whoever gets it next finds the same result.
    if (this.phase === 'ended') return;
    held.delivery.ack();
    this.held.drop(held);
    this.closeWhenDrained();
  }

  private async carryOn(held: Held, { attempt, report, waitMs }: Progress & { progress: 'waits' }): Promise<void> {
    held.attempt = attempt;
    if (report) await this.ports.sink.deliver(report, held.delivery.request.order);
    if (this.phase === 'ended') return;
    held.busy = false;
    if (this.phase === 'draining') {
      this.release(held);
      return this.closeWhenDrained();
    }
    if (waitMs > 0) this.after(waitMs, () => this.enqueue(held));
    else this.enqueue(held);
  }

  private enqueue(held: Held): void {
    this.queues.push(held.delivery.request.kind, held);
    this.pump();
  }

  private release(held: Held): void {
    held.delivery.release();
    this.held.drop(held);
  }

  private noteError({ delivery: { request } }: Held, answer: LookupAnswer): void {
    if (answer.answer === 'ok' || answer.answer === 'not-found') return;
    const code = answer.answer === 'fault' ? answer.fault : answer.code;
    const { key, kind, order } = request;
    this.errors.add({ key, kind, order, code, at: new Date(this.ports.clock.now()).toISOString() });
  }

  private keepAlive(): void {
    const { ackWaitMs } = this.config;
    this.held.keepAlive(this.ports.clock.elapsed(), ackWaitMs / 2);
    this.after(ackWaitMs / LOOKS_PER_ACK_WAIT, () => this.keepAlive());
  }

  /** Pumps again in `waitMs`, unless that is due earlier anyway. */
  private wakeAt(now: number, waitMs: number): void {
    const at = now + waitMs;
    if (this.wake && this.wake.at <= at) return;
    this.wake?.cancel();
    const cancel = this.after(waitMs, () => {
      this.wake = undefined;
      this.pump();
    });
    this.wake = { at, cancel };
  }

  private after(ms: number, run: () => void): () => void {
    const stop = this.ports.clock.after(ms, () => {
      this.timers.delete(stop);
      run();
    });
    this.timers.add(stop);
    return () => {
      this.timers.delete(stop);
      stop();
    };
  }

  private guard(work: Promise<void>): void {
    work.catch((cause: unknown) => this.fail(cause));
  }

  private fail(cause: unknown): void {
    this.settle.failed(cause);
    this.close();
  }

  private closeWhenDrained(): void {
    if (this.phase === 'draining' && !this.held.anyBusy) this.close();
  }

  private close(): void {
    if (this.phase === 'ended') return;
    this.phase = 'ended';
    this.stopPulling();
    for (const cancel of this.timers) cancel();
    for (const held of this.held.all()) this.release(held);
    this.settle.ended();
  }

  private stopPulling(): void {
    this.pulls.abort();
    this.held.wakeAll();
  }
}
