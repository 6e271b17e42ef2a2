/** The worked example of the money rules, as anybody would send it. */
import type { OrderCommands, StoreCommands } from '../../../protocols/commands.ts';
import type { ForeignClient } from './foreign-client.ts';

/** Of the whole file, so that an order that is sent again is the same. */
const NOW = new Date().toISOString();

/** Paid by an authorisation of its own. */
export function baseOrder(order: string, [lantern, teapot]: readonly [string, string]): OrderCommands['place'] {
  return {
    channel: 'web',
    currency: 'EUR',
    placedAt: NOW,
    fulfilment: 'ship',
    destination: { country: 'FR', postalCode: '69002', latitude: 45.75, longitude: 4.85 },
    taxIncluded: true,
    lines: [
      { line: '1', sku: lantern, name: 'Lantern', quantity: 1, unitPrice: 8990, taxRate: '0.2', discount: 0 },
      { line: '2', sku: teapot, quantity: 1, unitPrice: 4500, taxRate: '0.2' },
    ],
    discount: 1000,
    shipping: { amount: 490, taxRate: '0.2' },
    payment: {
      account: 'main',
      method: 'visa',
      transaction: `pi_${order}`,
      authorised: 12980,
      authorisedAt: NOW,
      captured: 0,
    },
  };
}

/** A franchise at 15 %. */
export function franchise(store: string, autoAccept = false): StoreCommands['open'] {
  const terms = { ownership: 'franchise', payoutAccount: `acct_${store}`, commission: '0.15' } as const;
  return { name: store, ...terms, country: 'FR', latitude: 45.76, longitude: 4.83, autoAccept };
}

export async function openStore(
  client: ForeignClient,
  store: string,
  terms: StoreCommands['open'],
  stock: Record<string, number>,
): Promise<void> {
  const items = Object.entries(stock).map(([sku, quantity]) => ({ sku, quantity }));
  await client.ask(`in.ops-hq.store.${store}.open`, terms);
  await client.ask(`in.${store}.store.${store}.stock`, { items });
}
