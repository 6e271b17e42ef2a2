/** Work for a store: `out.<store>.order.<id>.assigned` and `withdrawn`, `out.<store>.store.<store>.restock`. JSON. */
import Type, { type Static } from 'typebox';
import { FulfilmentMode } from './commands.ts';

const At = Type.String({ format: 'date-time', description: 'RFC 3339, UTC: when what it follows from was stored' });
const Quantity = Type.Integer({ minimum: 1 });
const Fulfilment = Type.String({ description: '`<order>-<n>`' });

/** entity → name → all that the message says. */
export const STORE_WORK = {
  order: {
    assigned: Type.Object({
      order: Type.String(),
      at: At,
      fulfilment: Fulfilment,
      mode: FulfilmentMode,
      accepted: Type.Boolean({ description: 'true: the store accepts by itself, nobody is asked' }),
      lines: Type.Array(
        Type.Object({
          line: Type.String(),
          sku: Type.String(),
          name: Type.Optional(Type.String()),
          quantity: Quantity,
        }),
      ),
    }),
    withdrawn: Type.Object({
      order: Type.String(),
      at: At,
      fulfilment: Fulfilment,
      lines: Type.Array(Type.Object({ line: Type.String(), quantity: Quantity })),
      reason: Type.String(),
    }),
  },
  store: {
    restock: Type.Object({
      store: Type.String(),
      at: At,
      return: Type.String(),
      items: Type.Array(Type.Object({ sku: Type.String(), quantity: Quantity })),
    }),
  },
} as const;

type Work = typeof STORE_WORK;

/** name → what an actor says of it: its own id and the time are put in when it is stored. */
export type StoreWork = {
  [Name in keyof Work['order']]: Omit<Static<Work['order'][Name]>, 'order' | 'at'>;
} & { [Name in keyof Work['store']]: Omit<Static<Work['store'][Name]>, 'store' | 'at'> };
