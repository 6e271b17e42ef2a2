/** The gateway accounts that placement gives this node: requests pulled, the simulator called, results delivered. */
import type { Limits } from '../../actors/gateway/budget.ts';
import type { Clock } from '../clock.ts';
import { accountConfig } from '../gateway/account-config.ts';
import { AccountPart } from '../gateway/account-part.ts';
import type { Simulator, SimulatorControl } from '../gateway/simulator.ts';
import { tellStatus } from '../nats/account-status.ts';
import type { Connection } from '../nats/connection.ts';
import { NatsRequestSource } from '../nats/gateway-source.ts';
import type { HeldAudit } from './audit-holder.ts';
import { opening } from './opened.ts';
import type { Part } from './supervise.ts';
import type { TurnSink } from './turn-sink.ts';

/** Between tries to pull the scripts of an account. */
const CONTROL_RETRY_MS = 500;

export interface AccountWorld {
  connection: Connection;
  clock: Clock;
  random: () => number;
  simulator: Simulator;
  sink: TurnSink;
  startAudit(): Promise<HeldAudit>;
}

export function holdAccount(
  account: string,
  limits: Limits,
  { connection, clock, random, simulator, sink, startAudit }: AccountWorld,
  failed: (error: Error) => void,
): Promise<Part> {
  return opening(async (opened) => {
    const config = accountConfig(account, limits);
    const source = new NatsRequestSource(connection, account, config.ackWaitMs);
    opened.push(() => source.close());
    const part = new AccountPart({ source, sink, provider: simulator, clock, random }, config);
    opened.push(() => part.stop());
    part.run().catch((error: Error) => failed(error));
    const controls = new AbortController();
    opened.push(() => controls.abort());
    void applyControls(source, simulator, clock, controls.signal);
    let audit: HeldAudit | undefined;
    const mute = tellStatus(connection, account, async () => {
      const status = await part.status();
      return audit ? { ...status, audit: audit.status() } : status;
    });
    opened.push(mute);
    opened.push(() => simulator.stop());
    await simulator.tellLateNews((result, order) => part.late(result, order));
    const started = await startAudit();
    audit = started;
    opened.push(() => started.stop());
    return { stop: opened.close };
  });
}

async function applyControls(
  source: NatsRequestSource,
  simulator: Simulator,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      for (const { id, control, payload, ack } of await source.pullControls(signal)) {
        await simulator.control(id, { control, payload } as SimulatorControl);
        ack();
      }
    } catch {
      // The connection is down, or the log did not answer: what was not acknowledged comes again.
      await new Promise<void>((resolve) => void clock.after(CONTROL_RETRY_MS, resolve));
    }
  }
}
