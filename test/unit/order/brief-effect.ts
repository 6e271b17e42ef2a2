import { instant } from '../../../actors/order/record.ts';
import type { Effect } from '../../../protocols/actor.ts';

/** An effect in a few words, as scenarios say it. */
export function brief(effect: Effect): string {
  switch (effect.effect) {
    case 'event':
      return `event ${effect.name}`;
    case 'send':
      return `send ${effect.name} to ${effect.entity} ${effect.id}`;
    case 'source':
      return `source ${effect.question.lines.map(({ line, quantity }) => `${line}×${quantity}`).join(' ')}`;
    case 'gateway':
      return `gateway ${effect.request.key} ${effect.request.amount}`;
    case 'tell':
      return `tell ${effect.origin} ${effect.name}`;
    case 'timer':
      return `timer ${effect.timer}${effect.name === 'expire-authorisation' ? ` ${instant(effect.at)}` : ''}`;
    case 'cancel-timer':
      return `cancel-timer ${effect.timer}`;
    default:
      return effect.effect;
  }
}
