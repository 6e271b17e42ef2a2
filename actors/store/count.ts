/** `stock` and `adjust`: what is really there. A count that finds less than was promised takes it from the newest work. */
import type { Effect, Message } from '../../protocols/actor.ts';
import type { StoreCommands } from '../../protocols/commands.ts';
import { originKind } from '../../protocols/token.ts';
import { refuse, type Verdict } from '../chart.ts';
import { stockEvent } from './announce.ts';
import { HoldingsEdit } from './holdings.ts';
import { loseReserved } from './lose-reserved.ts';
import type { StoreRecord } from './record.ts';

/** Name of the timer, and of what it says. */
const LOSE_MORE = 'lose-more';

/** Absolute: a sku that is named twice is what the last count says. */
export function stock(record: StoreRecord, message: Message<StoreCommands['stock']>): Verdict<StoreRecord> {
  const stranger = speaksForAnother(message);
  if (stranger) return stranger;
  const edit = openCount(record);
  for (const { sku, quantity } of message.payload.items) edit.setStock(sku, quantity, edit.stockOf(sku)[2]);
  return counted(record, edit, message.at);
}

export function adjust(record: StoreRecord, message: Message<StoreCommands['adjust']>): Verdict<StoreRecord> {
  const stranger = speaksForAnother(message);
  if (stranger) return stranger;
  const edit = openCount(record);
  for (const { sku, delta } of message.payload.items) {
    const [, onHand, reserved] = edit.stockOf(sku);
    if (onHand + delta < 0) return refuse('below-zero', `${sku}: ${onHand} on hand, ${delta} would be less than none`);
    edit.setStock(sku, onHand + delta, reserved);
  }
  return counted(record, edit, message.at);
}

/** The next of the work that loses what a count did not find. */
export function loseMore(record: StoreRecord, { at }: Message): Verdict<StoreRecord> {
  if (!record.losing) return { ignore: 'nothing is missing' };
  return counted(record, openCount(record), at);
}

/** An edit that has on hand what is really there. */
export function openCount({ holdings, losing = [] }: StoreRecord): HoldingsEdit {
  const edit = new HoldingsEdit(holdings);
  for (const [sku, quantity] of losing) {
    const [, onHand, reserved] = edit.stockOf(sku);
    edit.setStock(sku, Math.max(0, onHand - quantity), reserved);
  }
  return edit;
}

export function counted({ losing: _, ...record }: StoreRecord, edit: HoldingsEdit, now: number): Verdict<StoreRecord> {
  const { effects: lost, left } = loseReserved(edit);
  const holdings = edit.done();
  const effects = [...lost, stockEvent(record, edit, holdings.load)];
  if (left.length === 0) return { record: { ...record, holdings }, effects };
  const next: Effect = { effect: 'timer', timer: LOSE_MORE, at: now, name: LOSE_MORE, payload: {} };
  return { record: { ...record, holdings, losing: left }, effects: [...effects, next] };
}

function speaksForAnother({ id, sender }: Message): ReturnType<typeof refuse> | undefined {
  if (sender.kind !== 'command' || originKind(sender.command.origin) !== 'store') return undefined;
  if (sender.command.origin === id) return undefined;
  return refuse('not-allowed', `${sender.command.origin} may not speak for ${id}`);
}
