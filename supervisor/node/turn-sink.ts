/**
 * Where the results of gateway calls go: into the turn of this node if it owns the order, else stored as a message to it. Either way a
 * result is durable when `deliver` resolves.
 */
import type { Message } from '../../protocols/actor.ts';
import type { GatewayResult } from '../../protocols/gateway.ts';
import type { ResultSink } from '../gateway/ports.ts';
import { resultMessage } from '../turn/messages.ts';

export interface LocalTurn {
  /** Rejects where the order is not this node's, or its turn was not committed. */
  deliver(message: Message): Promise<void>;
}

export class TurnSink implements ResultSink {
  private readonly account: string;
  private readonly turn: () => LocalTurn | undefined;
  private readonly stored: ResultSink;
  private readonly now: () => number;

  constructor(account: string, turn: () => LocalTurn | undefined, stored: ResultSink, now: () => number) {
    this.account = account;
    this.turn = turn;
    this.stored = stored;
    this.now = now;
  }

  async deliver(result: GatewayResult, order: string): Promise<void> {
    const turn = this.turn();
    if (turn) {
      try {
        await turn.deliver(resultMessage(result, order, this.account, this.now()));
        return;
      } catch {
        // Not ours, or not any more: its owner reads it from the log.
      }
    }
    await this.stored.deliver(result, order);
  }
}
