import { expect, test } from 'vitest';
import { encode } from '../../../protocols/codec.ts';
import { readCommand } from '../../../protocols/read-command.ts';

const line = { line: '1', sku: 'S', quantity: 1, unitPrice: 8990, taxRate: '0.2' };
const payment = {
  account: 'main',
  method: 'visa',
  transaction: 'pi_1',
  authorised: 17980,
  authorisedAt: '2026-11-22T09:00:00Z',
};
const order = {
  channel: 'web',
  currency: 'EUR',
  placedAt: '2026-11-22T09:00:00Z',
  fulfilment: 'ship',
  taxIncluded: true,
  lines: [line, { ...line, line: '2' }],
  payment,
};

function place(payload: unknown) {
  const address = { origin: 'channel-web', entity: 'order', id: 'A1', name: 'place' };
  return readCommand({
    address,
    bytes: encode(payload, 'json'),
    messageId: 'c1',
    contentType: undefined,
    sequence: 1,
  });
}

test.each<[string, object]>([
  ['channel: is required', { channel: undefined }],
  ['lines: is required', { lines: undefined }],
  ['payment.account: is required', { payment: { ...payment, account: undefined } }],
  ['lines[1].sku: is required', { lines: [line, { ...line, sku: undefined }] }],
  ['lines[0].quantity: is required', { lines: [{ line: '1', sku: 'S' }] }],
])('a missing field rejects the command with its path: %s', (reason, change) => {
  expect(place({ ...order, ...change })).toMatchObject({ refusal: { code: 'invalid-payload', reason } });
  expect(place(order).kind).toBe('command');
});

test.each<[string, object]>([
  ['collectAt', { fulfilment: 'click-and-collect', collectAt: 'ops-hq' }],
  ['collectAt', { collectAt: 'store-' }],
  ['soldBy', { soldBy: 'lyon' }],
  ['lines[1].store', { lines: [line, { ...line, line: '2', store: 'channel-web' }] }],
  ['lines[0].store', { lines: [{ ...line, store: `store-${'x'.repeat(59)}` }] }],
])('what is no store is not taken for one: %s', (field, change) => {
  const reason = `${field}: must be a store: store-<name>, a token of at most 64 characters`;
  expect(place({ ...order, ...change })).toMatchObject({ refusal: { code: 'invalid-payload', reason } });
});

test('a store that nobody knows is taken: it may open a moment later', () => {
  const stores = { fulfilment: 'click-and-collect', collectAt: 'store-lyon', soldBy: 'store-a_1' };
  const pinned = { lines: [{ ...line, store: `store-${'x'.repeat(58)}` }] };
  expect(place({ ...order, ...stores }).kind).toBe('command');
  expect(place({ ...order, ...pinned }).kind).toBe('command');
});

test('a payload that is no object has no path', () => {
  expect(place(null)).toMatchObject({ refusal: { reason: 'payload: must be object' } });
});
