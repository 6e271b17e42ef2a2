import { jetstreamManager } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { expect, test } from 'vitest';
import { partitionOf } from '../../../protocols/partition.ts';
import { openConnection } from '../../../supervisor/nats/connection.ts';
import { ensureStreams } from '../../../supervisor/nats/streams.ts';
import { withServer } from '../../fixture/real-server.ts';

test('streams are created once: an existing number of partitions wins', () =>
  withServer(async ({ url, monitorUrl }) => {
    const connection = await openConnection({ servers: url, name: 'test' });
    const synced = { replicas: 1, monitors: [monitorUrl] };
    const both = await Promise.all([
      ensureStreams(connection, { ...synced, partitions: 8 }),
      ensureStreams(connection, { ...synced, partitions: 8 }),
    ]);
    expect(both).toEqual([
      { partitions: 8, replicas: 1 },
      { partitions: 8, replicas: 1 },
    ]);
    expect(await ensureStreams(connection, { ...synced, partitions: 32 })).toEqual({ partitions: 8, replicas: 1 });
    const names: string[] = [];
    for await (const { config } of (await jetstreamManager(connection.nats)).streams.list()) names.push(config.name);
    expect(names.sort()).toEqual(['COMMANDS', 'DEAD', 'EVENTS', 'KV_tillwire', 'SIMULATOR']);
    await connection.drain();
  }));

test('a server that does not sync each write is refused unless it is allowed', () =>
  withServer(
    async ({ url, monitorUrl }) => {
      const connection = await openConnection({ servers: url, name: 'test' });
      const wanted = { partitions: 4, replicas: 1 };
      await expect(ensureStreams(connection, { ...wanted, monitors: [monitorUrl] })).rejects.toThrow('sync_interval');
      await expect(ensureStreams(connection, wanted)).rejects.toThrow('sync_interval');
      expect(await ensureStreams(connection, { ...wanted, allowUnsyncedServer: true })).toEqual(wanted);
      await connection.drain();
    },
    { syncInterval: '1m' },
  ));

test('a stream of somebody else under our name is refused', () =>
  withServer(async ({ url, monitorUrl }) => {
    const connection = await openConnection({ servers: url, name: 'test' });
    const manager = await jetstreamManager(connection.nats);
    const options = { partitions: 4, replicas: 1, monitors: [monitorUrl] };
    await new Kvm(connection.nats).create('tillwire');
    await expect(ensureStreams(connection, options)).rejects.toThrow("not Tillwire's");
    await manager.streams.delete('KV_tillwire');
    await manager.streams.delete('COMMANDS');
    await manager.streams.add({ name: 'COMMANDS', subjects: ['in.*.*.*.*'] });
    await expect(ensureStreams(connection, options)).rejects.toThrow('no partitions');
    await connection.drain();
  }));

test('the server computes the same partition for every id', () =>
  withServer(async ({ url, monitorUrl }) => {
    const connection = await openConnection({ servers: url, name: 'test' });
    await ensureStreams(connection, { partitions: 7, replicas: 1, monitors: [monitorUrl] });
    const manager = await jetstreamManager(connection.nats);
    const ids = [
      'A1',
      'store-lyon',
      'Zz_9',
      '-',
      '0',
      'x'.repeat(64),
      ...Array.from({ length: 40 }, (_, n) => `id-${n * n}`),
    ];
    for (const entity of ['order', 'store', 'return']) {
      for (const id of ids) {
        await connection.nats.request(`in.web.${entity}.${id}.place`, 'x', { timeout: 5000 });
        const subject = `cmd.${partitionOf(entity, id, 7)}.${entity}.${id}.place.web`;
        expect((await manager.direct.getMessage('COMMANDS', { last_by_subj: subject }))?.subject).toBe(subject);
      }
    }
    await connection.drain();
  }));

test('any KV client reads the bucket', () =>
  withServer(async ({ url, monitorUrl }) => {
    const connection = await openConnection({ servers: url, name: 'test' });
    await ensureStreams(connection, { partitions: 4, replicas: 1, monitors: [monitorUrl] });
    await connection.nats.request('$KV.tillwire.order.A1', 'record', { timeout: 5000 });
    const bucket = await new Kvm(connection.nats).open('tillwire');
    expect((await bucket.get('order.A1'))?.string()).toBe('record');
    await connection.drain();
  }));
