/** Which kind of request goes next. Strict: money that a customer waits for goes before money for stores. */
import { GATEWAY_KINDS, type GatewayKind } from '../../protocols/gateway.ts';

export type Depths = Record<GatewayKind, number>;

export function nextKind(waiting: Readonly<Depths>): GatewayKind | undefined {
  for (const kind of GATEWAY_KINDS) if (waiting[kind] > 0) return kind;
  return undefined;
}

export function noDepths(): Depths {
  return { capture: 0, reauthorisation: 0, refund: 0, void: 0, payout: 0, 'payout-reversal': 0 };
}
