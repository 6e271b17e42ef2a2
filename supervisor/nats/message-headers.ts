/** Headers as they arrived. The client reads them when they are asked for, and throws where a name or a value is malformed. */
import type { Msg, MsgHdrs } from '@nats-io/transport-node';
import { messageOf } from '../../protocols/thrown.ts';

export interface ReadHeaders {
  headers: MsgHdrs | undefined;
  /** What is wrong with them; there are none, then. */
  error?: string;
}

export function headersOf(message: Msg): ReadHeaders {
  try {
    return { headers: message.headers };
  } catch (error) {
    return { headers: undefined, error: messageOf(error) };
  }
}

/** What stands in the bucket for a key that was deleted, or whose time is over. */
export function isMarker(headers: MsgHdrs | undefined): boolean {
  return headers !== undefined && (headers.has('KV-Operation') || headers.has('Nats-Marker-Reason'));
}
