/** The rows of the report as they are archived. */
import { Compile } from 'typebox/compile';
import { type AttributionRow, BOOKED } from '../../protocols/attribution.ts';
import { decode } from '../../protocols/codec.ts';

export interface BookedMessage {
  sequence: number;
  bytes: Uint8Array;
}

/** What follows it may not be written, ever. */
export class UnreadableMessage extends Error {}

const booked = Compile(BOOKED);

export function bookedRows({ sequence, bytes }: BookedMessage): AttributionRow[] {
  const payload = decode(bytes, 'json');
  if (booked.Check(payload)) return payload.rows;
  const [error] = booked.Errors(payload);
  throw new UnreadableMessage(`message ${sequence} holds no rows: ${error?.instancePath} ${error?.message}`);
}
