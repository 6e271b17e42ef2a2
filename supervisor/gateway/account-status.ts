/** What `query.gateway.<account>` answers. */
import type { ProviderName } from '../../actors/capability/shipped.ts';
import type { Limits } from '../../actors/gateway/budget.ts';
import type { CircuitState } from '../../actors/gateway/circuit.ts';
import type { Depths } from '../../actors/gateway/priority.ts';
import type { Capability } from '../../protocols/capability.ts';
import type { GatewayKind } from '../../protocols/gateway.ts';

export interface GatewayStatus {
  account: string;
  limits: Limits;
  /** Requests that are not done, by kind, those under way included. */
  queue: Depths;
  circuit: CircuitState;
  /** Calls that the provider has not answered. */
  inFlight: number;
  /** The newest last. */
  lastErrors: GatewayError[];
}

export interface GatewayView extends GatewayStatus {
  provider: ProviderName;
  /** By method, as the node that answers knows them. */
  capabilities: Record<string, Capability>;
}

export interface GatewayError {
  key: string;
  kind: GatewayKind;
  order: string;
  /** A fault, or the code of a decline. */
  code: string;
  /** RFC 3339. */
  at: string;
}

const MAX_ERRORS = 10;

export class LastErrors {
  private errors: GatewayError[] = [];

  add(error: GatewayError): void {
    this.errors = [...this.errors.slice(1 - MAX_ERRORS), error];
  }

  list(): GatewayError[] {
    return [...this.errors];
  }
}
