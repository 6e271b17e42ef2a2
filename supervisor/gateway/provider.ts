/** One account at a payment provider. Real adapters and the simulator look alike. */
import type { LookupAnswer, ProviderAnswer } from '../../actors/gateway/answer.ts';
import type { GatewayRequest } from '../../protocols/gateway.ts';

export interface Provider {
  /** Sends the request under its idempotency key. Faults are values; a rejection counts as a lost connection. */
  execute(request: GatewayRequest): Promise<ProviderAnswer>;
  /** What became of a key. `not-found` only where the provider says so. */
  lookup(key: string): Promise<LookupAnswer>;
}
