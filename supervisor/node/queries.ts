/**
 * What `query.…` answers (wire contract, section 5). Every node answers for every entity, with what is committed and nothing else.
 */
import type { ActorKind } from '../../protocols/actor.ts';
import type { StockView } from '../../protocols/views.ts';
import type { GatewayView } from '../gateway/account-status.ts';
import type { Journal, Movements, Page } from '../gateway/simulator-journal.ts';
import { Reply } from '../nats/reply.ts';
import { BadQuery, type Endpoint } from '../nats/service.ts';
import type { Bucket } from '../turn/ports.ts';
import { KnownReplies } from './known-replies.ts';

export interface QueryWorld {
  /** The same list of parts as long as the record does not change. */
  committed: Pick<Bucket, 'records'>;
  stockOf(sku: string): Promise<StockView | undefined>;
  gatewayStatus(account: string): Promise<GatewayView | undefined>;
  journal(account: string, page: Page): Promise<Journal | undefined>;
  movements(account: string, page: Page): Promise<Movements | undefined>;
  /** The largest reply that the server carries. */
  maxReplyBytes: number;
}

/** A kind of record, and what a query makes of one. */
export interface Viewed {
  kind: Pick<ActorKind, 'entity' | 'paged' | 'load'>;
  /** Last token of the subject, where it is not the plain view. */
  aspect?: string;
  view(snapshot: unknown): object | undefined;
  /** Lists of the view that may be longer than a reply: they are told in pages. */
  lists?: readonly string[];
}

/** Of records; their replies take about ten times that. */
const REPLIED_BYTES = 4 * 1024 * 1024;

export function queryEndpoints(world: QueryWorld, viewed: readonly Viewed[]): Endpoint[] {
  const replies = new KnownReplies(REPLIED_BYTES);
  return [
    ...viewed.map((one) => ({
      name: one.aspect ?? one.kind.entity,
      subject: `query.${one.kind.entity}.*${one.aspect === undefined ? '' : `.${one.aspect}`}`,
      handle: (id: string, request: unknown) => entity(world, replies, one, id, request),
    })),
    { name: 'stock', subject: 'query.stock.*', handle: (sku) => world.stockOf(sku) },
    { name: 'gateway', subject: 'query.gateway.*', handle: (account) => world.gatewayStatus(account) },
    {
      name: 'journal',
      subject: 'query.gateway.*.journal',
      handle: (account, request) => journal(world, account, request),
    },
    {
      name: 'movements',
      subject: 'query.gateway.*.movements',
      handle: (account, request) => movements(world, account, request),
    },
  ];
}

async function entity(
  world: QueryWorld,
  replies: KnownReplies,
  one: Viewed,
  id: string,
  request: unknown,
): Promise<Reply | undefined> {
  const { kind, aspect = '', view, lists } = one;
  const page = lists ? askedPage(request) : WHOLE;
  const [parts = []] = await world.committed.records([{ entity: kind.entity, id, paged: kind.paged }]);
  return replies.of(`${kind.entity}.${id}.${aspect}.${page.from}.${page.limit}`, parts, () => {
    const snapshot = kind.load(parts);
    const shown = snapshot === undefined ? undefined : view(snapshot);
    if (!shown) return undefined;
    return lists ? pageOfLists(shown as Record<string, unknown>, lists, page, world) : new Reply(shown);
  });
}

/** Rows are of about one length, and a page that was too long is made a little shorter than they need. */
const OF_WHAT_FITS = 0.95;

/** The whole view where it fits into one reply, else as many rows of its lists as do, and `next`. */
function pageOfLists(
  view: Record<string, unknown>,
  lists: readonly string[],
  { from, limit }: AskedPage,
  { maxReplyBytes }: QueryWorld,
): Reply {
  const rows = lists.map((list) => [list, view[list] as unknown[]] as const);
  const longest = Math.max(...rows.map(([, all]) => all.length));
  for (let count = Math.max(1, Math.min(limit, longest - from)); ; ) {
    const until = from + count;
    const page = Object.fromEntries(rows.map(([list, all]) => [list, all.slice(from, until)]));
    const reply = new Reply({ ...view, ...page, ...(longest > until ? { next: until } : {}) });
    const { length } = reply.in('json');
    if (count === 1 || length <= maxReplyBytes) return reply;
    count = Math.max(1, Math.floor((count * OF_WHAT_FITS * maxReplyBytes) / length));
  }
}

/** About what a row of calls and one of moved money take together. */
const JOURNAL_ROW_BYTES = 800;
const MOVEMENT_BYTES = 500;

/** The request may name an order, and a page: `after` rows, at most `limit`. What does not fit into one reply is announced by `next`. */
async function journal(world: QueryWorld, account: string, request: unknown): Promise<object | undefined> {
  const { from, limit } = pageOf(world, request, JOURNAL_ROW_BYTES);
  const { order } = (request ?? {}) as { order?: unknown };
  const page = await world.journal(account, { from, limit, ...(typeof order === 'string' ? { order } : {}) });
  if (!page) return undefined;
  const more = Math.max(page.size.calls, page.size.moved) > from + limit;
  return more ? { ...page, next: from + limit } : page;
}

/** In pages likewise. */
async function movements(world: QueryWorld, account: string, request: unknown): Promise<object | undefined> {
  const { from, limit } = pageOf(world, request, MOVEMENT_BYTES);
  const page = await world.movements(account, { from, limit });
  if (!page) return undefined;
  return page.size > from + limit ? { ...page, next: from + limit } : page;
}

function pageOf({ maxReplyBytes }: QueryWorld, request: unknown, rowBytes: number): Page {
  const { from, limit } = askedPage(request);
  return { from, limit: Math.min(limit, Math.max(1, Math.floor(maxReplyBytes / rowBytes))) };
}

interface AskedPage {
  from: number;
  /** Infinite where none is asked for. */
  limit: number;
}

const WHOLE: AskedPage = { from: 0, limit: Number.POSITIVE_INFINITY };

function askedPage(request: unknown): AskedPage {
  const { after = WHOLE.from, limit = WHOLE.limit } = (request ?? {}) as { after?: unknown; limit?: unknown };
  const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
  if (!isCount(after)) throw new BadQuery('after must be a whole number from 0 on');
  if (limit !== WHOLE.limit && !(isCount(limit) && limit > 0))
    throw new BadQuery('limit must be a whole number from 1 on');
  return { from: after, limit: Number(limit) };
}
