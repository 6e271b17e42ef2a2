import { expect, test } from 'vitest';
import type { ActorKind } from '../../../protocols/actor.ts';
import { queryEndpoints } from '../../../supervisor/node/queries.ts';

test('an entity that its node has not heard committed yet is read from the bucket', async () => {
  const kind = { entity: 'order', paged: false, load: ([bytes]: Uint8Array[]) => bytes?.[0] } as unknown as ActorKind;
  const nothing = async () => undefined;
  const endpoints = queryEndpoints(
    {
      bucket: { records: async () => [[Uint8Array.of(7)]] as never },
      atHand: () => ({ snapshot: undefined }),
      stockOf: () => undefined,
      gatewayStatus: nothing,
      journal: nothing,
      movements: nothing,
      maxReplyBytes: 1024,
    },
    [{ kind, view: (snapshot) => ({ snapshot }) }],
  );
  const order = endpoints.find(({ name }) => name === 'order');
  expect(await order?.handle('A1', undefined)).toEqual({ snapshot: 7 });
});
