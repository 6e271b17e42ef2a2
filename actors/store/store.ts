/**
 * A store: what it has, what of it is promised, and on which terms it works.
 *
 * Owns stock on hand and reserved, open work, its terms, what it owes headquarters. Hears open, close, counts; reservations of orders and what becomes of
 * them; restocks of returns. Says reserved, reserve-refused, stock-lost and not-restocked to orders, and `stock` events in absolute values.
 *
 * S1  0 ≤ reserved ≤ on hand, for every sku (money rules, invariant 9); reserved is the sum of the open work.
 * S2  A fulfilment is reserved as a whole or not at all, and once.
 * S3  A closed store takes nothing new; what is open goes on.
 * S4  A store that nobody opened answers `reserve`, `clear-payout` and `tell-terms`: the order must not wait for it. It says what it
 *     can't restock.
 */
import { setup } from 'xstate';
import { chartActor, existing, hears } from '../chart.ts';
import { clearPayout, owe } from './account.ts';
import { adjust, loseMore, stock } from './count.ts';
import { release, takeAway, takeUnreserved } from './leave.ts';
import type { StoreRecord } from './record.ts';
import { reserve, tellTerms } from './reserve.ts';
import { restock } from './restock.ts';
import { join, split } from './stored-form.ts';
import { close, open } from './terms.ts';

interface Context {
  record: StoreRecord | undefined;
}

const isOpen = ({ context }: { context: Context }): boolean => context.record?.open === true;
const isClosed = ({ context }: { context: Context }): boolean => context.record?.open === false;

const HEARD = hears(
  'open',
  'stock',
  'adjust',
  'reserve',
  'release',
  'short',
  'hand-over',
  'late-hand-over',
  'restock',
  'owe',
  'clear-payout',
  'tell-terms',
  'lose-more',
);

const machine = setup({
  types: { context: {} as Context, events: {} as { type: string } },
}).createMachine({
  id: 'store',
  initial: 'absent',
  context: { record: undefined },
  states: {
    absent: {
      on: { open: { target: 'open' }, ...hears('reserve', 'clear-payout', 'tell-terms', 'restock') },
    },
    open: { on: { ...HEARD, ...hears('close') }, always: { guard: isClosed, target: 'closed' } },
    closed: { on: HEARD, always: { guard: isOpen, target: 'open' } },
  },
});

export const storeActor = chartActor<StoreRecord>({
  entity: 'store',
  machine,
  judges: {
    open,
    close: existing(close),
    stock: existing(stock),
    adjust: existing(adjust),
    reserve,
    release: existing(release),
    short: existing(takeAway),
    'hand-over': existing(takeAway),
    'late-hand-over': existing(takeUnreserved),
    restock,
    owe: existing(owe),
    'clear-payout': clearPayout,
    'tell-terms': tellTerms,
    'lose-more': existing(loseMore),
  },
  unknown: 'unknown-store',
  remembersCommands: false,
  stateEvents: {},
  split,
  join,
});
