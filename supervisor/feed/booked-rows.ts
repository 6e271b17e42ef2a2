/** The rows of the report as they are archived. */
import { Compile } from 'typebox/compile';
import { type AttributionRow, BOOKED, type Booked } from '../../protocols/attribution.ts';
import { brokenRule } from '../../protocols/broken-rule.ts';
import { decode } from '../../protocols/codec.ts';
import { messageOf } from '../../protocols/thrown.ts';

export interface BookedMessage {
  sequence: number;
  bytes: Uint8Array;
}

/** What follows it may not be written, ever. */
export class UnreadableMessage extends Error {}

const booked = Compile(BOOKED);

export const bookedRows = (message: BookedMessage): AttributionRow[] => bookedIn(message).rows;

export function bookedIn(message: BookedMessage): Booked {
  const payload = payloadOf(message);
  if (booked.Check(payload)) return payload;
  const { path, rule } = brokenRule([...booked.Errors(payload)]);
  throw unreadable(message, `${path.slice(1).replaceAll('/', '.') || 'it'} ${rule}`);
}

function payloadOf(message: BookedMessage): unknown {
  try {
    return decode(message.bytes, 'json');
  } catch (error) {
    throw unreadable(message, `it is no JSON (${messageOf(error)})`);
  }
}

const unreadable = ({ sequence }: BookedMessage, why: string): UnreadableMessage =>
  new UnreadableMessage(`message ${sequence} holds no rows: ${why}`);
