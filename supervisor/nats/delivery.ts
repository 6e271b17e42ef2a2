/** What the server says of a message that a consumer delivers: it is in the subject that an ack would go to. */

export interface DeliveryInfo {
  streamSequence: number;
  /** Position in this consumer's deliveries: a gap says that one was lost. */
  consumerSequence: number;
  /** How often it was delivered, this time included. */
  deliveries: number;
  /** What this consumer has not delivered yet, this message not counted. */
  pending: number;
  /** Milliseconds since the epoch at which it was stored. */
  at: number;
}

const NANOSECONDS_OF_A_MILLISECOND_DIGITS = 6;

/**
 * `$JS.ACK.<stream>.<consumer>.<deliveries>.<stream sequence>.<consumer sequence>.<nanoseconds>.<pending>`, in its newer form with
 * domain and account before the stream. Undefined when it is neither.
 */
export function deliveryInfo(replySubject: string | undefined): DeliveryInfo | undefined {
  const tokens = replySubject?.split('.') ?? [];
  if (tokens[0] !== '$JS' || tokens[1] !== 'ACK' || tokens.length < 9) return undefined;
  const at = tokens.length === 9 ? 4 : 6;
  const [deliveries, streamSequence, consumerSequence, nanoseconds, pending] = tokens.slice(at, at + 5);
  if (!deliveries || !streamSequence || !consumerSequence || !nanoseconds || !pending) return undefined;
  return {
    deliveries: Number(deliveries),
    pending: Number(pending),
    streamSequence: Number(streamSequence),
    consumerSequence: Number(consumerSequence),
    at: Number(nanoseconds.slice(0, -NANOSECONDS_OF_A_MILLISECOND_DIGITS)),
  };
}
