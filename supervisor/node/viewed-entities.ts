/** The entities that can be asked for, and what a query shows of them. */
import type { AnyMachineSnapshot } from 'xstate';
import { type Charted, isAbsent } from '../../actors/chart.ts';
import { orderFacts } from '../../actors/order/facts.ts';
import type { createOrder } from '../../actors/order/order.ts';
import { orderView } from '../../actors/order/view.ts';
import type { createReturn } from '../../actors/return/return.ts';
import { returnView } from '../../actors/return/view.ts';
import { storeActor } from '../../actors/store/store.ts';
import { storeView } from '../../actors/store/view.ts';
import type { ActorKind } from '../../protocols/actor.ts';
import type { Viewed } from './queries.ts';

export function viewedEntities(
  order: ReturnType<typeof createOrder>,
  returned: ReturnType<typeof createReturn>,
): Viewed[] {
  return [
    viewed(order, orderView),
    { ...viewed(order, orderFacts), aspect: 'facts' },
    viewed(storeActor, storeView),
    viewed(returned, returnView),
  ];
}

type ChartKind<R> = ActorKind<AnyMachineSnapshot> & { read(snapshot: AnyMachineSnapshot): Charted<R> };

function viewed<R>(kind: ChartKind<R>, view: (charted: Charted<R>) => unknown): Viewed {
  const show = (snapshot: unknown): unknown => {
    const charted = snapshot as AnyMachineSnapshot;
    return isAbsent(charted) ? undefined : view(kind.read(charted));
  };
  return { kind: kind as ActorKind, view: show };
}
