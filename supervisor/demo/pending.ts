/** What a week that doesn't end waits for. */
import type { JourneyState } from '../sample/react.ts';

const MOST_SHOWN = 10;

interface PendingOrder {
  order: string;
  state: JourneyState;
}

export function describePending(orders: readonly PendingOrder[], unanswered: ReadonlyMap<string, string>): string {
  return [
    ...listed(
      'orders on their way',
      orders.map(({ order, state }) => `${order}: ${stateOf(state)}`),
    ),
    ...listed('commands without an outcome', [...unanswered.values()]),
  ].join('\n');
}

function stateOf({ placed, cancellation, work, done, returns }: JourneyState): string {
  const steps = Object.values(work).map(({ fulfilment, store, step }) => `${fulfilment} ${step} at ${store}`);
  const open = Object.entries(returns ?? {}).filter(([, script]) => script.length > 0);
  return [
    `place ${placed}`,
    ...(cancellation === 'none' ? [] : [`cancellation ${cancellation}`]),
    ...steps,
    ...(done ? ['done'] : []),
    ...open.map(([id, [next]]) => `return ${id} waits for ${next?.id}`),
  ].join(', ');
}

function listed(title: string, items: readonly string[]): string[] {
  if (items.length === 0) return [];
  const more = items.length > MOST_SHOWN ? [`  and ${items.length - MOST_SHOWN} more`] : [];
  return [`${items.length} ${title}:`, ...items.slice(0, MOST_SHOWN).map((item) => `  ${item}`), ...more];
}
