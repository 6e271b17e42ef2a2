import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { Room, ServerHealth } from '../../../supervisor/cli/fleet/server-health.ts';

const MB = 1024 * 1024;
const FULL = 'write error: write 1.blk: no space left on device';

function watched() {
  const server = { complaint: undefined as string | undefined, free: 100 * MB };
  const said: string[] = [];
  const health = new ServerHealth({
    complaint: async () => server.complaint,
    freeBytes: () => server.free,
    folder: '/var/shop',
    log: pino({}, { write: (line: string) => said.push(line) }),
  });
  return { health, server, said };
}

describe('the health of an embedded server', () => {
  test('one that can not write is started again at its second complaint, whichever stream that is of', async () => {
    const { health, server } = watched();
    expect(await health.check()).toBeUndefined();
    server.complaint = `COMMANDS ${FULL}`;
    expect(await health.check()).toBeUndefined();
    server.complaint = `KV_tillwire ${FULL}`;
    expect((await health.check())?.message).toBe(`nats-server can't go on: KV_tillwire ${FULL}`);
  });

  test('of what a start does not mend nothing comes', async () => {
    const { health, server } = watched();
    server.complaint = "JetStream stream '$G > OLD' could not be recovered";
    for (let checks = 0; checks < 5; checks++) expect(await health.check()).toBeUndefined();
  });

  test('a complaint that is taken back counts for nothing', async () => {
    const { health, server } = watched();
    for (const complaint of [FULL, undefined, FULL, undefined]) {
      server.complaint = complaint;
      expect(await health.check()).toBeUndefined();
    }
  });

  test('while the disk is full it is left alone, and the log names the error and what to do, not at every check', async () => {
    const { health, server, said } = watched();
    Object.assign(server, { complaint: FULL, free: MB });
    for (let checks = 0; checks < 20; checks++) expect(await health.check()).toBeUndefined();
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/no space left on device.*free space on the disk of \/var\/shop.*started again/);
    for (let checks = 0; checks < 20; checks++) await health.check();
    expect(said).toHaveLength(2);
    server.free = 100 * MB;
    expect(await health.check()).toBeInstanceOf(Error);
  });
});

test('a server that ended is not started without room, and the log says why, not at every look', () => {
  let free = 15 * MB;
  const said: string[] = [];
  const log = pino({}, { write: (line: string) => said.push(line) });
  const room = new Room({ freeBytes: () => free, folder: '/var/shop', log });
  for (let looks = 0; looks < 20; looks++) expect(room.isThere('it ended')).toBe(false);
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(/it ended.*free space on the disk of \/var\/shop/);
  free = 16 * MB;
  expect(room.isThere('it ended')).toBe(true);
});
