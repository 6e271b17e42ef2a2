/** What the people in a store do with an order. Decided by hash of order, store and lines: the same in every run, whoever was quicker. */
import type { OrderCommands } from '../../protocols/commands.ts';
import { draw, pick } from './draw.ts';
import type { Journey } from './journey.ts';
import { acceptsByItself } from './network.ts';
import type { PlacedLine } from './place-order.ts';
import { type SampleCommand, sampleCommand } from './sample-command.ts';

export type Units = { line: string; quantity: number };
/** Work that a store was given: the payload of `assigned`. */
export type Assigned = { fulfilment: string; store: string; lines: Units[] };
/** `prepared` is what will be ready: nothing, where the store sends the work back. */
export type ClerkAnswer = { commands: SampleCommand[]; prepared: Units[] };

const DECLINED_SHARE = 0.03;
const SHORT_PICKED_SHARE = 0.04;
const CARRIERS = ['royal-mail', 'parcelforce', 'dpd'] as const;
const TENDERS = ['card', 'card', 'cash'] as const;

export function onAssigned(journey: Journey, assigned: Assigned): ClerkAnswer {
  const lines = assigned.lines.map(({ line }) => line).join();
  const chance = (what: string) => draw(`${what} ${journey.placed.order} ${assigned.store} ${lines}`);
  const asked = !acceptsByItself(assigned.store);
  // Only its own store can hand over what is collected there.
  const mayDecline = asked && mayGoWrong(journey) && journey.placed.place.fulfilment === 'ship';
  if (mayDecline && chance('decline') < DECLINED_SHARE) {
    return { commands: [clerkSends(journey, assigned, 'decline', { reason: 'no-time-today' })], prepared: [] };
  }
  const isShort = mayGoWrong(journey) && chance('short') < SHORT_PICKED_SHARE;
  const missing = isShort ? missingUnits(assigned.lines, chance('which')) : [];
  const prepared = without(assigned.lines, missing);
  return {
    commands: [
      ...(asked ? [clerkSends(journey, assigned, 'accept', {})] : []),
      ...(missing.length > 0 ? [clerkSends(journey, assigned, 'short-pick', { lines: missing })] : []),
      ...(prepared.length > 0 ? [clerkSends(journey, assigned, 'ready', {})] : []),
    ],
    prepared,
  };
}

/** Units that change stores while customers cancel them or send them back would make the money a matter of who is quicker. */
function mayGoWrong({ cancellation, returns }: Journey): boolean {
  return cancellation === null && returns.length === 0;
}

/** Goods that are paid leave the store: with a carrier, or with the customer. */
export function onFunded(journey: Journey, assigned: Assigned): SampleCommand {
  if (journey.placed.place.fulfilment !== 'ship') return clerkSends(journey, assigned, 'collect', {});
  const carrier = pick(CARRIERS, `carrier ${assigned.fulfilment}`);
  return clerkSends(journey, assigned, 'ship', { carrier, tracking: `${carrier}-${assigned.fulfilment}` });
}

/** Reserve and collect: the customer comes once the goods are ready, and pays at the till. */
export function onReadyAtTill(journey: Journey, assigned: Assigned): SampleCommand {
  const prices = new Map(journey.placed.place.lines.map((line: PlacedLine) => [line.line, line.unitPrice]));
  const lines = assigned.lines.map(({ line, quantity }) => ({
    line,
    quantity,
    amount: quantity * (prices.get(line) ?? 0),
  }));
  const amount = lines.reduce((sum, line) => sum + line.amount, 0);
  const kind = pick(TENDERS, `tender ${assigned.fulfilment}`);
  const ticket = `T-${assigned.fulfilment}`;
  return clerkSends(journey, assigned, 'sell', { ticket, lines, tenders: [{ kind, amount }] });
}

function missingUnits(lines: readonly Units[], chance: number): Units[] {
  const line = lines[Math.floor(chance * lines.length)];
  return line === undefined ? [] : [{ line: line.line, quantity: Math.ceil(line.quantity / 3) }];
}

/** Those of `lines` that are left without `gone`. */
export function without(lines: readonly Units[], gone: readonly Units[]): Units[] {
  const missing = new Map(gone.map(({ line, quantity }) => [line, quantity]));
  return lines
    .map(({ line, quantity }) => ({ line, quantity: quantity - (missing.get(line) ?? 0) }))
    .filter(({ quantity }) => quantity > 0);
}

/** All of them name the fulfilment; `clerkSends` puts it in. */
type ClerkCommand = 'accept' | 'decline' | 'short-pick' | 'ready' | 'ship' | 'collect' | 'sell';

function clerkSends<Name extends ClerkCommand>(
  journey: Journey,
  { fulfilment, store }: Assigned,
  name: Name,
  payload: OrderCommands[Name],
): SampleCommand {
  const to = { origin: store, entity: 'order', id: journey.placed.order, name } as const;
  return sampleCommand(to, { fulfilment, ...payload }, fulfilment);
}
