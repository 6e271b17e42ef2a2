/** The rows of the report as they are archived. */
import { Compile } from 'typebox/compile';
import { type AttributionRow, BOOKED, type Booked } from '../../protocols/attribution.ts';
import { brokenRule } from '../../protocols/broken-rule.ts';
import { decode } from '../../protocols/codec.ts';

export interface BookedMessage {
  sequence: number;
  bytes: Uint8Array;
}

/** What follows it may not be written, ever. */
export class UnreadableMessage extends Error {}

const booked = Compile(BOOKED);

export const bookedRows = (message: BookedMessage): AttributionRow[] => bookedIn(message).rows;

export function bookedIn({ sequence, bytes }: BookedMessage): Booked {
  const payload = decode(bytes, 'json');
  if (booked.Check(payload)) return payload;
  const { path, rule } = brokenRule([...booked.Errors(payload)]);
  throw new UnreadableMessage(
    `message ${sequence} holds no rows: ${path.slice(1).replaceAll('/', '.') || 'it'} ${rule}`,
  );
}
