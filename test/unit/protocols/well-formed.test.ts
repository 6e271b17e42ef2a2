import { expect, test } from 'vitest';
import { encode } from '../../../protocols/codec.ts';
import { readCommand } from '../../../protocols/read-command.ts';
import { malformedText } from '../../../protocols/well-formed.ts';

const HALF = '\ud83d';

test.each([
  [{ name: `Mug ${HALF}` }, 'name'],
  [{ lines: [{}, { [`a${HALF}`]: 1 }] }, 'lines[1]'],
  [{ lines: [{ name: '\ude00\ud83d' }] }, 'lines[0].name'],
  [{ name: 'Mug \ud83d\ude00', note: 'ü', gone: null, count: 1 }, undefined],
])('half of a surrogate pair is found in %j: %s', (value, path) => {
  expect(malformedText(value)).toBe(path);
});

test('a command with half an emoji is refused, by its field', () => {
  const address = { origin: 'store-a', entity: 'order', id: 'A1', name: 'decline' };
  const bytes = encode({ fulfilment: 'A1-1', reason: `broken ${HALF}` }, 'json');
  const read = readCommand({ address, bytes, messageId: 'c1', contentType: undefined, sequence: 1 });
  const reason = 'reason: must be well-formed: it has half of a surrogate pair';
  expect(read).toMatchObject({ kind: 'refused', refusal: { code: 'invalid-payload', reason } });
});

test('text is looked for as deep as it goes', () => {
  let value: unknown = HALF;
  for (let depth = 0; depth < 20_000; depth++) value = [value];
  expect(malformedText(value)).toHaveLength(60_000);
});
