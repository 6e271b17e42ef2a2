/**
 * The simulated provider of one account, as a state machine: the same entries in the same order give the same answers and
 * the same journal, wherever they are applied. No clock, no IO.
 *
 * S1  One journal row for each call received.
 * S2  A key moves money at most once, however often and with whatever content it comes.
 * S3  A key that was answered for good is answered the same for ever; only a late failure changes `ok` to `declined` (and a
 *     late recapture changes it back), so that nobody who asks again believes in money that went back.
 */
import type { ProviderAnswer } from '../../actors/gateway/answer.ts';
import type { GatewayKind } from '../../protocols/gateway.ts';
import { type BookedCall, DECLINES, type DeclineCode, SimulatorBooks } from './simulator-books.ts';
import type { Call, Capabilities, LateNews, Script, SimulatorEntry } from './simulator-entry.ts';
import {
  type Journal,
  KeptJournal,
  type KeptRow,
  type Movements,
  type Outcome,
  type Page,
} from './simulator-journal.ts';
import { SimulatorScripts } from './simulator-scripts.ts';

/** An answer, and how long the script wants it to take. How long silence takes is the host's to say. */
export interface Reaction {
  answer: ProviderAnswer;
  delayMs: number;
}

/** What is known of a key that was executed or declined for good. */
interface Operation {
  /** Of the call that decided it. */
  row: KeptRow;
  gatewayReference: string;
  status: 'moved' | 'failed-late' | DeclineCode;
  /** Declined as the party holds too little: what it holds. */
  available?: number;
}

const REFERENCE_PREFIX: Record<GatewayKind, string> = {
  capture: 'ch',
  refund: 're',
  void: 'vo',
  payout: 'po',
  'payout-reversal': 'pr',
  reauthorisation: 'au',
};

export class SimulatorState {
  private readonly kept = new KeptJournal();
  private readonly operations = new Map<string, Operation>();
  private readonly books = new SimulatorBooks();
  private readonly scripts = new SimulatorScripts();
  private readonly capabilities = new Map<string, Capabilities>();
  /** Ids of scripts and capability records that were applied: they may come twice. */
  private readonly controls = new Set<string>();
  /** What orders do not know of yet. */
  private readonly late = new Map<string, LateNews>();

  /** A reaction is there for calls only. */
  apply(entry: SimulatorEntry): Reaction | undefined {
    switch (entry.entry) {
      case 'call':
        return this.receive(entry.at, entry.call);
      case 'script':
        if (this.isNew(entry.id)) this.scripts.add(entry.script);
        return undefined;
      case 'capabilities':
        if (this.isNew(entry.id)) this.capabilities.set(entry.capabilities.method, entry.capabilities);
        return undefined;
      case 'late-failure':
        this.failLate(entry.key, entry.at);
        return undefined;
      case 'late-recapture':
        this.takeAfterAll(entry.key, entry.at);
        return undefined;
      case 'dated':
        this.date(entry.key, entry.outcome, entry.at);
        return undefined;
      case 'told':
        this.told(entry.key, entry.outcome ?? 'failed');
        return undefined;
    }
  }

  /** What became of a key; undefined when it was never executed. */
  lookup(key: string): ProviderAnswer | undefined {
    const operation = this.operations.get(key);
    return operation && answerOf(operation);
  }

  lateNews(): ReadonlyMap<string, Readonly<LateNews>> {
    return this.late;
  }

  journal(page: Page = { from: 0, limit: Number.MAX_SAFE_INTEGER }): Journal {
    return this.kept.page(page);
  }

  /** What stands of a key; undefined where nothing does. */
  standing(key: string): Pick<BookedCall, 'kind' | 'amount'> | undefined {
    const operation = this.operations.get(key);
    return operation?.status === 'moved' ? operation.row.call : undefined;
  }

  movements(page: Page): Movements {
    return this.kept.movementsPage(page);
  }

  private isNew(control: string): boolean {
    const isNew = !this.controls.has(control);
    this.controls.add(control);
    return isNew;
  }

  private receive(at: number, call: Call): Reaction {
    const script = this.scripts.take(call.kind, call.order);
    const row: KeptRow = { call: bookedOf(call), at, outcome: script?.behave ?? 'ok', code: undefined, replay: false };
    this.kept.receive(row);
    return { answer: this.react(row, call, script), delayMs: script?.delayMs ?? 0 };
  }

  private react(row: KeptRow, call: Call, script: Script | undefined): ProviderAnswer {
    switch (row.outcome) {
      case 'error-500':
      case 'rate-limit':
        return { answer: 'fault', fault: row.outcome };
      case 'timeout-before':
        return { answer: 'fault', fault: 'timeout' };
      case 'timeout-after':
        this.answer('ok', row, call);
        return { answer: 'fault', fault: 'timeout' };
      case 'ok':
      case 'decline':
      case 'late-failure':
      case 'late-recapture': {
        const answer = this.answer(row.outcome, row, call, script);
        if (answer.answer === 'declined') row.outcome = 'decline';
        else if (row.replay) row.outcome = 'ok';
        return answer;
      }
    }
  }

  /** Executes the call, or says again what was said to its key. */
  private answer(behave: Outcome, row: KeptRow, call: Call, script?: Script): ProviderAnswer {
    const known = this.operations.get(call.key);
    if (known) return this.answerAgain(known, row);
    const decline = behave === 'decline' ? (script?.code ?? 'declined') : this.objection(row.at, call);
    const gatewayReference = `${REFERENCE_PREFIX[call.kind]}_${this.kept.received}`;
    const operation: Operation = { row, gatewayReference, status: decline ?? 'moved' };
    if (decline === 'insufficient-balance') operation.available = script?.available ?? this.books.balanceOf(row.call);
    this.operations.set(call.key, operation);
    row.code = decline;
    this.books.see(row.call);
    if (decline === undefined) this.execute(operation, behave);
    return answerOf(operation);
  }

  private answerAgain(known: Operation, row: KeptRow): ProviderAnswer {
    if (!isSameCall(known.row.call, row.call)) {
      row.code = 'idempotency-mismatch';
      return declined(row.code);
    }
    row.replay = true;
    const answer = answerOf(known);
    row.code = declineOf(known);
    return answer;
  }

  private objection(at: number, call: Call): DeclineCode | undefined {
    const delayedCapture = this.capabilities.get(call.method)?.delayedCapture;
    return this.books.objection(call, at, delayedCapture === undefined ? undefined : delayedCapture === 'none');
  }

  private execute({ row, gatewayReference }: Operation, behave: Outcome): void {
    this.books.book(row.call, row.at, gatewayReference);
    row.gatewayReference = gatewayReference;
    this.kept.move(row);
    if (behave !== 'late-failure' && behave !== 'late-recapture') return;
    const { key, kind, order } = row.call;
    const isTakenAfterAll = behave === 'late-recapture';
    this.late.set(key, { key, kind, order, gatewayReference, outcome: 'failed', happened: false, isTakenAfterAll });
  }

  private failLate(key: string, at?: number): void {
    const operation = this.happens(key, 'failed');
    if (!operation) return;
    operation.status = 'failed-late';
    const when = at ?? operation.row.at;
    this.books.undo(operation.row.call, when, operation.gatewayReference);
    this.kept.takeBack(operation.row, when);
  }

  private takeAfterAll(key: string, at: number): void {
    const operation = this.happens(key, 'confirmed');
    if (!operation) return;
    operation.status = 'moved';
    this.books.book(operation.row.call, at, operation.gatewayReference);
    this.kept.move(operation.row, at);
  }

  /** The operation, where this is still to happen to it. */
  private happens(key: string, outcome: LateNews['outcome']): Operation | undefined {
    const late = this.late.get(key);
    if (!late || late.happened || late.outcome !== outcome) return undefined;
    late.happened = true;
    return this.operations.get(key);
  }

  private date(key: string, outcome: LateNews['outcome'], at: number): void {
    const late = this.late.get(key);
    if (late?.happened && late.outcome === outcome) late.datedAt ??= at;
  }

  private told(key: string, outcome: LateNews['outcome']): void {
    const late = this.late.get(key);
    // Nobody was told of what has not happened.
    if (late?.outcome !== outcome || !late.happened) return;
    if (outcome === 'failed' && late.isTakenAfterAll) {
      const { datedAt: _, ...rest } = late;
      this.late.set(key, { ...rest, outcome: 'confirmed', happened: false });
    } else this.late.delete(key);
  }
}

function answerOf(operation: Operation): ProviderAnswer {
  const code = declineOf(operation);
  if (code === undefined) return { answer: 'ok', gatewayReference: operation.gatewayReference };
  const { available, gatewayReference, status } = operation;
  if (status === 'failed-late') return { ...declined(code), gatewayReference };
  return available === undefined ? declined(code) : { ...declined(code), available };
}

function declineOf({ status }: Operation): DeclineCode | undefined {
  if (status === 'moved') return undefined;
  return status === 'failed-late' ? 'late-failure' : status;
}

function declined(code: DeclineCode): Extract<ProviderAnswer, { answer: 'declined' }> {
  return { answer: 'declined', code, reason: DECLINES[code] };
}

function bookedOf({ key, kind, order, transaction, amount, currency, party }: Call): BookedCall {
  const booked: BookedCall = { key, kind, order, transaction, amount, currency };
  if (party !== undefined) booked.party = party;
  return booked;
}

/** `order` is not compared: it is the caller's note. */
function isSameCall(one: BookedCall, other: BookedCall): boolean {
  return (
    one.kind === other.kind &&
    one.amount === other.amount &&
    one.currency === other.currency &&
    one.transaction === other.transaction &&
    one.party === other.party
  );
}
