/** All that simulated nodes say, as the AsyncAPI document says it: each message on a subject is one that the document has there. */

import { Compile, type Validator } from 'typebox/schema';
import { beforeAll, describe, expect, test } from 'vitest';
import { asyncApi } from '../../protocols/asyncapi.ts';
import { decode } from '../../protocols/codec.ts';
import { STORE_WORK } from '../../protocols/store-work.ts';
import type { Stored } from './memory-server.ts';
import { simulate } from './simulate.ts';

interface Document {
  channels: Record<string, { address: string | null; messages: Record<string, { $ref: string }> }>;
  components: { messages: Record<string, { payload: object; headers?: object; contentType?: string }> };
}

const document = JSON.parse(JSON.stringify(asyncApi('1.2.3', []))) as Document;
/** Between them, they say all that is asked for below. */
const SEEDS = [3, 5, 6];

const validators = new Map<object, Validator>();

function isAs(schema: object, value: unknown): boolean {
  const known = validators.get(schema) ?? Compile(schema);
  validators.set(schema, known);
  return known.Check(value);
}

interface Said {
  subject: string;
  headers: Record<string, string>;
  bytes: Uint8Array;
}

const said: Said[] = [];

/** `live.<unique>.<subject>` is what terminals hear. */
function hear({ key, headers, bytes }: Stored): void {
  const [live, , ...subject] = key.split('.');
  if (live === 'live') said.push({ subject: subject.join('.'), headers, bytes });
}

/** Names of the messages that the document has at this subject. */
function messagesAt(subject: string): string[] {
  const tokens = subject.split('.');
  const matching = Object.values(document.channels).filter(({ address }) => {
    const parts = address?.split('.') ?? [];
    return (
      parts.length === tokens.length && parts.every((part, index) => part.startsWith('{') || part === tokens[index])
    );
  });
  const names = matching.flatMap(({ messages }) =>
    Object.values(messages).map(({ $ref }) => $ref.split('/').at(-1) ?? ''),
  );
  return [...new Set(names)];
}

/** The messages of the document that this one is. */
function kindsOf({ subject, headers, bytes }: Said): string[] {
  return messagesAt(subject).filter((name) => {
    const { payload, headers: described = {}, contentType } = document.components.messages[name] ?? { payload: {} };
    const encoding = headers['Content-Type'] === 'application/msgpack' ? 'msgpack' : 'json';
    const content = contentType === undefined ? decode(bytes, encoding) : bytes;
    return isAs(described, headers) && isAs(payload, content);
  });
}

beforeAll(async () => {
  for (const seed of SEEDS) await simulate({ seed, orders: 9, stored: hear });
});

describe('what nodes say', () => {
  test('is what the document has at its subject', () => {
    for (const one of said) {
      expect(kindsOf(one), `${one.subject} ${Buffer.from(one.bytes)}`).not.toEqual([]);
    }
  });

  const work = Object.values(STORE_WORK).flatMap((works) => Object.keys(works));

  test.each(work)('as work, %s, is of its own schema', (name) => {
    const told = said.filter(({ subject }) => subject.startsWith('out.store-') && subject.endsWith(`.${name}`));
    const works = told.filter(({ bytes }) => !('outcome' in (decode(bytes, 'json') as object)));
    expect(works.length).toBeGreaterThan(0);
    for (const one of works) expect(kindsOf(one)).toEqual([`work.${name}`]);
  });

  test('of what it could not read is a dead letter', () => {
    const letters = said.filter(({ subject }) => subject.startsWith('dead.'));
    expect(letters.length).toBeGreaterThan(0);
    for (const one of letters) expect(kindsOf(one)).toEqual(['dead']);
  });

  test('as an outcome is an outcome', () => {
    const outcomes = said.filter(({ subject }) => /^out\..*\.place$/.test(subject));
    expect(outcomes.length).toBeGreaterThan(0);
    for (const one of outcomes) expect(kindsOf(one)).toEqual(['outcome']);
  });
});
