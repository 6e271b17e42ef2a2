import type { GatewayRequest } from '../../../protocols/gateway.ts';

export function sampleRequest(changes: Partial<GatewayRequest> = {}): GatewayRequest {
  return {
    key: 'A1-c1',
    kind: 'capture',
    order: 'A1',
    transaction: 'pi_1',
    method: 'visa',
    amount: 8814,
    currency: 'EUR',
    requestedAt: '2026-11-22T09:00:00Z',
    ...changes,
  };
}
