import { expect, test } from 'vitest';
import { Reply } from '../../../supervisor/nats/reply.ts';
import { KnownReplies } from '../../../supervisor/node/known-replies.ts';

const record = (length: number) => [{ name: '', bytes: new Uint8Array(length) }];

/** Which of the questions are answered from what is known. */
function known(replies: KnownReplies, asked: readonly (readonly [string, ReturnType<typeof record>])[]): string[] {
  return asked
    .filter(([question, parts]) => replies.of(question, parts, () => undefined))
    .map(([question]) => question);
}

test('replies are kept for as many bytes of records, those that were used last', () => {
  const replies = new KnownReplies(100);
  const [a, b, c] = [record(40), record(40), record(40)];
  const make = () => new Reply({});
  replies.of('a', a, make);
  replies.of('b', b, make);
  replies.of('a', a, make);
  replies.of('c', c, make);
  expect(
    known(replies, [
      ['b', b],
      ['a', a],
      ['c', c],
    ]),
  ).toEqual(['a', 'c']);
});

test('what alone is more than that is answered and not kept, nor in the way of the rest', () => {
  const replies = new KnownReplies(100);
  const [large, small] = [record(101), record(1)];
  expect(replies.of('large', large, () => new Reply({}))).toBeDefined();
  replies.of('small', small, () => new Reply({}));
  expect(
    known(replies, [
      ['large', large],
      ['small', small],
    ]),
  ).toEqual(['small']);
});

test('another version of a record takes the place of the one before, and what is gone is not told', () => {
  const replies = new KnownReplies(100);
  const [old, changed] = [record(90), record(90)];
  replies.of('a', old, () => new Reply({ revision: 1 }));
  replies.of('a', changed, () => new Reply({ revision: 2 }));
  expect(known(replies, [['a', changed]])).toEqual(['a']);
  expect(replies.of('a', record(1), () => undefined)).toBeUndefined();
  expect(known(replies, [['a', changed]])).toEqual([]);
});
