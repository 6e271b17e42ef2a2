/** The entities that can be asked for, and what a query shows of them. */
import type { AnyMachineSnapshot } from 'xstate';
import { type Charted, type ChartRecords, isUnseen } from '../../actors/chart.ts';
import { orderRecords } from '../../actors/order/order.ts';
import { orderFacts } from '../../actors/order/rows/facts.ts';
import { orderView } from '../../actors/order/view.ts';
import { returnRecords } from '../../actors/return/return.ts';
import { returnView } from '../../actors/return/view.ts';
import { storeActor } from '../../actors/store/store.ts';
import { storeView } from '../../actors/store/view.ts';
import type { Viewed } from './queries.ts';

export const VIEWED: readonly Viewed[] = [
  viewed(orderRecords, orderView),
  { ...viewed(orderRecords, orderFacts), aspect: 'facts' },
  { ...viewed(storeActor, storeView), lists: ['fulfilments', 'stock', 'debts'] },
  viewed(returnRecords, returnView),
];

function viewed<R>(kind: ChartRecords<R>, view: (charted: Charted<R>) => object): Viewed {
  const show = (snapshot: unknown): object | undefined => {
    const charted = snapshot as AnyMachineSnapshot;
    return isUnseen(charted) ? undefined : view(kind.read(charted));
  };
  return { kind, view: show };
}
