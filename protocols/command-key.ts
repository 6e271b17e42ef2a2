/** How a command id is remembered: as it is, or hashed where its length would let a record grow. */
import { createHash } from 'node:crypto';

const LONGEST_KEPT = 200;

export function commandKey(id: string): string {
  return id.length <= LONGEST_KEPT ? id : `sha1-${createHash('sha1').update(id).digest('base64url')}`;
}
