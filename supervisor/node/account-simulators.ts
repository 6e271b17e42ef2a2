/**
 * The simulator of each account on this node. Its memory is large: who asks for the journal is shown the one that its part runs with,
 * also when that has stopped.
 */
import { CLOCK } from '../clock.ts';
import type { SimulatorLog } from '../gateway/ports.ts';
import { Simulator } from '../gateway/simulator.ts';

export class AccountSimulators {
  private readonly openLog: (account: string) => SimulatorLog;
  /** Whoever starts again reads on with the same. */
  private readonly logs = new Map<string, SimulatorLog>();
  private readonly simulators = new Map<string, Simulator>();

  constructor(openLog: (account: string) => SimulatorLog) {
    this.openLog = openLog;
  }

  of(account: string): Simulator {
    return this.simulators.get(account) ?? this.renewed(account);
  }

  /** Of an account whose part starts: one that was stopped stays so. */
  renewed(account: string): Simulator {
    const log = this.logs.get(account) ?? this.openLog(account);
    this.logs.set(account, log);
    const simulator = new Simulator({ log, clock: CLOCK, newId: () => crypto.randomUUID() });
    this.simulators.set(account, simulator);
    return simulator;
  }
}
