/** Parts of an order's policy that are configured by themselves. */
import type { PayoutMoment } from '../../protocols/sourcing.ts';

export interface PayoutPolicy {
  when: PayoutMoment;
  /** It ends every day, or once a week, so long after the beginning of a day (or of Monday), in UTC. */
  period: 'day' | 'week';
  endsAfterMs: number;
}

export interface ExpiryPolicy {
  act: 'reauthorise' | 'capture-early' | 'release';
  /** Before `captureBefore`. */
  warnBeforeMs: number;
  actBeforeMs: number;
  /** In a row: the next one counts as refused. */
  maxReauthorisations: number;
}
