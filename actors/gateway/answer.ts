/** What a provider says to a request, and what its silence looks like. */

/** `rate-limit` was surely not executed; with the others nobody knows. */
export type Fault = 'timeout' | 'error-500' | 'rate-limit' | 'connection';

export type ProviderAnswer =
  | { answer: 'ok'; gatewayReference: string; transaction?: string; captureBefore?: string }
  /** A reference: it had been accepted, and failed afterwards. */
  | { answer: 'declined'; code: string; reason: string; available?: number; gatewayReference?: string }
  | { answer: 'fault'; fault: Fault };

/** `not-found` is a positive statement: the provider never executed that key. */
export type LookupAnswer = ProviderAnswer | { answer: 'not-found' };
