/** What became of a gateway request. */
import type { Message } from '../../../protocols/actor.ts';
import type { GatewayResult } from '../../../protocols/gateway.ts';
import type { Verdict } from '../../chart.ts';
import type { OrderRecord } from '../record.ts';
import { applyNews } from './news.ts';

export function gatewayResult(record: OrderRecord, { payload, at: now }: Message<GatewayResult>): Verdict<OrderRecord> {
  const { key, kind: _, trace: __, ...news } = payload;
  const position = record.ledger.findIndex((entry) => entry.key === key);
  if (position < 0) return { ignore: `${record.id} never asked for ${key}` };
  return applyNews(record, position, news, now);
}
