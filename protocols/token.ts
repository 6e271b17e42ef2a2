/** Ids, origins and skus: everything that is one token of a subject (wire contract, section 1). */

export const TOKEN_PATTERN = '^[A-Za-z0-9_-]{1,64}$';
const TOKEN = new RegExp(TOKEN_PATTERN);

/** A store is called as it speaks: by its origin. */
export const STORE_PATTERN = '^store-[A-Za-z0-9_-]{1,58}$';

export const ORIGIN_KINDS = ['channel', 'store', 'ops', 'gateway'] as const;
export type OriginKind = (typeof ORIGIN_KINDS)[number];

export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

/** What the server takes as one part of a subject, token or not. */
const SUBJECT_PART = /^[^\s*>.\p{Cc}]+$/u;
/** Entity, id and command together leave room in the 4 KiB that the server reads as one line. */
const MAX_SUBJECT_PART_BYTES = 1024;

/** As it was sent, where a subject can have it: whoever sent it listens there. */
export function subjectPart(text: string): string {
  return SUBJECT_PART.test(text) && Buffer.byteLength(text) <= MAX_SUBJECT_PART_BYTES ? text : 'invalid';
}

/** The kind of `<kind>-<name>`, or undefined when the origin is not of that form. */
export function originKind(origin: string): OriginKind | undefined {
  const dash = origin.indexOf('-');
  if (dash < 1 || dash === origin.length - 1 || !isToken(origin)) return undefined;
  const kind = origin.slice(0, dash);
  return ORIGIN_KINDS.find((known) => known === kind);
}
