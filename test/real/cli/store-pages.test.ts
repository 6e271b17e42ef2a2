/** A store of more than one reply, as a node would answer that is asked while it changes. */
import { expect, test } from 'vitest';
import { decode } from '../../../protocols/codec.ts';
import type { StoreView } from '../../../protocols/views.ts';
import { openConnection } from '../../../supervisor/nats/connection.ts';
import { withServer } from '../../fixture/real-server.ts';
import { tillwire } from './tillwire-process.ts';

function page(revision: number, sku: string): StoreView {
  const terms = { name: 'Lyon', ownership: 'company', commission: '0' } as const;
  const stock = [{ sku, onHand: revision, reserved: 0, available: revision }];
  const rest = { owes: {}, debts: [], unlisted: {}, fulfilments: [] };
  return { store: 'store-lyon', revision, state: 'open', ...terms, ...rest, stock };
}

test('pages of several revisions are no store: it is asked once more', () =>
  withServer(async ({ url }) => {
    const node = await openConnection({ servers: url, name: 'node' });
    const asked: number[] = [];
    node.nats.subscribe('query.store.store-lyon', {
      callback: (_error, message) => {
        const { after } = decode(message.data, 'json') as { after: number };
        asked.push(after);
        // It changes between the first two pages that are asked for.
        const revision = asked.length === 1 ? 1 : 2;
        const answer = after === 0 ? { ...page(revision, 'cap'), next: 1 } : page(revision, 'hat');
        message.respond(JSON.stringify(answer));
      },
    });
    await node.nats.flush();
    const { stdout } = await tillwire('store', 'store-lyon', '--json', '--nats', url);
    expect(JSON.parse(stdout)).toEqual({
      ...page(2, 'cap'),
      stock: [page(2, 'cap'), page(2, 'hat')].flatMap((of) => of.stock),
    });
    expect(asked).toEqual([0, 1, 0, 1]);
    await node.drain();
  }));
