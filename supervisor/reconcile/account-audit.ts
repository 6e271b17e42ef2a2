/**
 * The audit of one gateway account: reads what moved there and what was booked here, side by side, and tells of what differs.
 *
 * Both sides are read in pages, the older one first, so that one never runs far ahead of the other; a look reads so many pages at most,
 * and a system that starts anew catches up over several looks. A side that can't be read is read at the next look.
 */
import type { FromAudit, LedgerDifference } from '../../protocols/internal.ts';
import type { Clock } from '../clock.ts';
import { type BookedMessage, bookedRows } from '../feed/booked-rows.ts';
import type { AuditStatus } from '../gateway/account-status.ts';
import type { Movement, Movements } from '../gateway/simulator-journal.ts';
import { bookedMovement } from './booked-movement.ts';
import { type AuditNews, LedgerAudit } from './ledger-audit.ts';
import { movedAmount } from './moved-amount.ts';

export interface AuditPorts {
  clock: Clock;
  /** What the gateway moved behind a position, so many at most. */
  movements(after: number, limit: number): Promise<Movements>;
  /** What stands of a key at the gateway. */
  standing(key: string): Promise<Pick<Movement, 'kind' | 'amount'> | undefined>;
  /** The next page of what was booked behind a sequence of the archive; empty at its end. */
  booked(after: number): Promise<readonly BookedMessage[]>;
  /** Resolves when the order and the account hear of it for certain. */
  tell(name: keyof FromAudit, news: LedgerDifference): Promise<void>;
}

export interface AuditPolicy {
  everyMs: number;
  /** How long a difference may last: results that are under way, lookups, late failures. */
  graceMs: number;
}

const PAGE = 1000;
const PAGES_A_LOOK = 20;
const TOLD_A_LOOK = 100;
const MOST_SHOWN = 100;
/** With more than that something is wrong at large: nothing more is read until it is less. */
const MOST_OPEN = 100_000;

export class AccountAudit {
  private readonly account: string;
  private readonly ports: AuditPorts;
  private readonly policy: AuditPolicy;
  private readonly audit: LedgerAudit;
  private readonly shown = new Map<string, LedgerDifference>();
  private readonly gateway = { position: 0, at: 0 };
  private readonly ledger = { position: 0, at: 0 };
  private catchingUp = true;
  private cancel: () => void = () => {};
  private stopped = false;
  private looking: Promise<void> = Promise.resolve();

  constructor(account: string, ports: AuditPorts, policy: AuditPolicy) {
    this.account = account;
    this.ports = ports;
    this.policy = policy;
    this.audit = new LedgerAudit(policy.graceMs);
  }

  start(): void {
    this.lookLater();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.cancel();
    await this.looking;
  }

  status(): AuditStatus {
    return {
      catchingUp: this.catchingUp,
      differences: [...this.shown.values()].slice(0, MOST_SHOWN),
      count: this.shown.size,
    };
  }

  private lookLater(): void {
    if (this.stopped) return;
    this.cancel = this.ports.clock.after(this.policy.everyMs, () => {
      // The next look reads what this one could not.
      this.looking = this.look()
        .catch(() => undefined)
        .then(() => this.lookLater());
    });
  }

  private async look(): Promise<void> {
    this.catchingUp = !(await this.catchUp());
    if (this.catchingUp && this.audit.size < MOST_OPEN) return;
    for (const news of this.audit.news(this.ports.clock.now(), TOLD_A_LOOK)) {
      if (this.stopped) return;
      await this.tell(news);
    }
  }

  /** True when both sides were read to their end. */
  private async catchUp(): Promise<boolean> {
    const ended = { gateway: false, ledger: false };
    for (let pages = 0; pages < PAGES_A_LOOK && this.audit.size < MOST_OPEN && !this.stopped; pages++) {
      if (ended.gateway && ended.ledger) return true;
      const isGatewayBehind = this.gateway.at <= this.ledger.at;
      if (!ended.gateway && (isGatewayBehind || ended.ledger)) ended.gateway = await this.readGateway();
      else ended.ledger = await this.readLedger();
    }
    return ended.gateway && ended.ledger;
  }

  private async readGateway(): Promise<boolean> {
    const { movements, size } = await this.ports.movements(this.gateway.position, PAGE);
    for (const movement of movements) {
      const { key, order, currency, at, position } = movement;
      const amount = movedAmount(movement);
      if (amount !== 0) this.audit.add('gateway', { key, order, currency, amount });
      this.gateway.position = position;
      this.gateway.at = Date.parse(at);
    }
    return this.gateway.position >= size;
  }

  private async readLedger(): Promise<boolean> {
    const page = await this.ports.booked(this.ledger.position);
    for (const message of page) {
      for (const row of bookedRows(message)) {
        const moved = bookedMovement(row);
        // What nobody asked for is not in the journal of what was asked.
        if (moved?.account === this.account && !moved.isUnasked) this.audit.add('ledger', moved);
        this.ledger.at = Date.parse(row.at);
      }
      this.ledger.position = message.sequence;
    }
    return page.length === 0;
  }

  private async tell(news: AuditNews): Promise<void> {
    const { name, order, entry, currency, beyond } = news;
    const standing = await this.ports.standing(entry);
    const gateway = standing ? movedAmount(standing) : 0;
    const difference = { account: this.account, order, entry, currency, ledger: gateway - beyond, gateway };
    await this.ports.tell(name, difference);
    this.audit.wasTold(news);
    if (name === 'ledger-differs') this.shown.set(`${entry} ${currency}`, difference);
    else this.shown.delete(`${entry} ${currency}`);
  }
}
