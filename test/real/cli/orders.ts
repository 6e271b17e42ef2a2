import type { OrderCommands } from '../../../protocols/commands.ts';
import type { ForeignTerminal } from './foreign-terminal.ts';

/** An order of two lanterns, collected at `collectAt`; 89.90 each, 20 % VAT included. */
export function lanterns(collectAt: string): OrderCommands['place'] {
  const placedAt = new Date().toISOString();
  return {
    channel: 'web',
    currency: 'EUR',
    placedAt,
    fulfilment: 'click-and-collect',
    collectAt,
    taxIncluded: true,
    lines: [{ line: '1', sku: 'lantern', name: 'Lantern', quantity: 2, unitPrice: 8990, taxRate: '0.2' }],
    payment: { account: 'main', method: 'visa', transaction: 'pi_1', authorised: 17_980, authorisedAt: placedAt },
  };
}

/** A franchise with ten lanterns. */
export async function openStore(terminal: ForeignTerminal, store: string): Promise<void> {
  const terms = { ownership: 'franchise', commission: '0.15', payoutAccount: `acct_${store}`, country: 'FR' };
  await terminal.ask(`in.ops-hq.store.${store}.open`, { name: store, ...terms });
  await terminal.ask(`in.${store}.store.${store}.stock`, { items: [{ sku: 'lantern', quantity: 10 }] });
}
