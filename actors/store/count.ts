/** `stock` and `adjust`: what is really there. A count that finds less than was promised takes it from the newest work. */
import type { Effect, Message } from '../../protocols/actor.ts';
import type { StoreCommands } from '../../protocols/commands.ts';
import { originKind } from '../../protocols/token.ts';
import { refuse, type Verdict } from '../chart.ts';
import { stockEvent } from './announce.ts';
import { HoldingsEdit } from './holdings.ts';
import { loseReserved } from './lose-reserved.ts';
import type { StoreRecord } from './record.ts';

/** Absolute: a sku that is named twice is what the last count says. */
export function stock(record: StoreRecord, message: Message<StoreCommands['stock']>): Verdict<StoreRecord> {
  const stranger = speaksForAnother(message);
  if (stranger) return stranger;
  const edit = new HoldingsEdit(record.holdings);
  for (const { sku, quantity } of message.payload.items) edit.setStock(sku, quantity, edit.stockOf(sku)[2]);
  return counted(record, edit);
}

export function adjust(record: StoreRecord, message: Message<StoreCommands['adjust']>): Verdict<StoreRecord> {
  const stranger = speaksForAnother(message);
  if (stranger) return stranger;
  const edit = new HoldingsEdit(record.holdings);
  for (const { sku, delta } of message.payload.items) {
    const [, onHand, reserved] = edit.stockOf(sku);
    if (onHand + delta < 0) return refuse('below-zero', `${sku}: ${onHand} on hand, ${delta} would be less than none`);
    edit.setStock(sku, onHand + delta, reserved);
  }
  return counted(record, edit);
}

export function counted(record: StoreRecord, edit: HoldingsEdit): Verdict<StoreRecord> {
  const lost: Effect[] = loseReserved(edit);
  const holdings = edit.done();
  return { record: { ...record, holdings }, effects: [...lost, stockEvent(record, edit, holdings.load)] };
}

function speaksForAnother({ id, sender }: Message): ReturnType<typeof refuse> | undefined {
  if (sender.kind !== 'command' || originKind(sender.command.origin) !== 'store') return undefined;
  if (sender.command.origin === id) return undefined;
  return refuse('not-allowed', `${sender.command.origin} may not speak for ${id}`);
}
