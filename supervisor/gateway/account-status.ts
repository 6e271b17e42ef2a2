/** What `query.gateway.<account>` answers. */
import type { ProviderName } from '../../actors/capability/shipped.ts';
import type { Limits } from '../../actors/gateway/budget.ts';
import type { CircuitState } from '../../actors/gateway/circuit.ts';
import type { Depths } from '../../actors/gateway/priority.ts';
import type { Capability } from '../../protocols/capability.ts';
import type { GatewayKind } from '../../protocols/gateway.ts';
import type { LedgerDifference } from '../../protocols/internal.ts';

export interface GatewayStatus {
  account: string;
  limits: Limits;
  /** Requests that are not done, by kind, those under way included. */
  queue: Depths;
  /** RFC 3339: those that came before are in `queue`, of later ones those that were taken. Not there while nobody holds the account. */
  queueAt?: string;
  circuit: CircuitState;
  /** Calls that the provider has not answered. */
  inFlight: number;
  /** The newest last. */
  lastErrors: GatewayError[];
  /** What the ledger and the gateway's journal say otherwise of each other; none while nobody holds the account. */
  audit?: AuditStatus;
}

export interface GatewayView extends GatewayStatus {
  provider: ProviderName;
  /** By method, as the node that answers knows them. */
  capabilities: Record<string, Capability>;
}

export interface AuditStatus {
  /** Not all that happened has been looked at yet. */
  catchingUp: boolean;
  differences: LedgerDifference[];
  /** Of which `differences` shows some. */
  count: number;
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
