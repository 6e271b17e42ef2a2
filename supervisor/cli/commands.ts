import type { Command } from './command.ts';
import type { Summary } from './usage.ts';

interface Entry extends Summary {
  load(): Promise<Command>;
}

/** In the order in which help lists them. */
export const COMMANDS: readonly Entry[] = [
  {
    name: 'demo',
    about: 'trade a real week of retail on a server and node of its own, and reconcile it',
    load: async () => (await import('./commands/demo.ts')).demo,
  },
  {
    name: 'up',
    about: 'start a NATS server and nodes, and keep them running',
    load: async () => (await import('./commands/up.ts')).up,
  },
  {
    name: 'node',
    about: 'run one node in the foreground',
    load: async () => (await import('./commands/node.ts')).node,
  },
  {
    name: 'trade',
    about: 'trade the sample week on a running system, and reconcile it',
    load: async () => (await import('./commands/trade.ts')).trade,
  },
  {
    name: 'order',
    about: 'show an order, or place one from a file',
    load: async () => (await import('./commands/order.ts')).order,
  },
  {
    name: 'store',
    about: 'show a store: open work and stock',
    load: async () => (await import('./commands/store.ts')).store,
  },
  {
    name: 'stock',
    about: 'show the stock of a sku in all stores',
    load: async () => (await import('./commands/stock.ts')).stock,
  },
  {
    name: 'return',
    about: 'show a return',
    load: async () => (await import('./commands/return.ts')).returned,
  },
  {
    name: 'gateway',
    about: 'show a gateway account: limits, queue, circuit, last errors, journal',
    load: async () => (await import('./commands/gateway.ts')).gateway,
  },
  {
    name: 'send',
    about: 'send a command of the wire contract: whatever a store, a channel or ops may say',
    load: async () => (await import('./commands/send.ts')).send,
  },
  {
    name: 'feed',
    about: 'write the rows of the report to the ERP into daily files',
    load: async () => (await import('./commands/feed.ts')).feed,
  },
  {
    name: 'explain',
    about: 'say how an amount of an order came about, and who asked for it',
    load: async () => (await import('./commands/explain.ts')).explain,
  },
  {
    name: 'reconcile',
    about: 'compare a provider’s settlement file with the ledger',
    load: async () => (await import('./commands/reconcile.ts')).reconcile,
  },
  {
    name: 'report',
    about: 'the report of a period: who gets which money of which line, or postings for accounting',
    load: async () => (await import('./commands/report.ts')).report,
  },
  {
    name: 'watch',
    about: 'print events and messages to terminals as they happen',
    load: async () => (await import('./commands/watch.ts')).watch,
  },
  {
    name: 'dead',
    about: 'list, show, replay or discard commands that could not be handled',
    load: async () => (await import('./commands/dead.ts')).dead,
  },
  {
    name: 'rules',
    about: 'check commission rules',
    load: async () => (await import('./commands/rules.ts')).rules,
  },
  {
    name: 'permissions',
    about: 'print accounts for nats-server in which each origin sends and hears only its own',
    load: async () => (await import('./commands/permissions.ts')).permissions,
  },
  {
    name: 'contract',
    about: 'print the wire contract as an AsyncAPI document',
    load: async () => (await import('./commands/contract.ts')).contract,
  },
];
