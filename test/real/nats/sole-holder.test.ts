import { expect, test } from 'vitest';
import { holdAlone } from '../../../supervisor/nats/sole-holder.ts';
import { eventually } from '../../fixture/eventually.ts';
import { useSystem } from './nats-fixture.ts';

const system = useSystem();
const ask = async (who: string, name: string) => {
  const connection = await system.connect(who);
  return { connection, holds: await holdAlone(connection, name) };
};

test('a name has one holder, until that one is gone', async () => {
  const first = await ask('first', 'feed.a');
  expect([first.holds, (await ask('second', 'feed.a')).holds, (await ask('third', 'feed.b')).holds]).toEqual([
    true,
    false,
    true,
  ]);
  await first.connection.nats.close();
  await eventually(async () => (await ask('fourth', 'feed.a')).holds, { what: 'the name is free' });
});

test('of many that ask at once, one gets it', async () => {
  const asked = await Promise.all(Array.from({ length: 8 }, (_, number) => ask(`n${number}`, 'feed.c')));
  expect(asked.filter(({ holds }) => holds)).toHaveLength(1);
});
