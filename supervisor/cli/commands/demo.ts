import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { command, EXIT } from '../command.ts';
import { dataFolder } from '../data-folder.ts';
import { askedToStop } from '../fleet/asked-to-stop.ts';
import { type Fleet, startFleet } from '../fleet/fleet.ts';
import { openLog } from '../fleet/log.ts';
import { startTradeProcess } from '../fleet/trade-process.ts';

const CONFIG = fileURLToPath(new URL('../../demo/demo-config.json', import.meta.url));

export const demo = command({
  forms: ['demo'],
  about:
    'Starts a NATS server that syncs every write, one node, and a process that trades the sample week over them.\n' +
    'On a terminal it then stays up until Ctrl-C; else it exits 0 when the books balance.',
  options: {
    data: {
      type: 'string',
      value: '<folder>',
      help: 'keep what is stored there (a temporary folder, removed at the end)',
    },
  },
  async run({ values }) {
    const stop = askedToStop();
    const dataDir = values.data === undefined ? await mkdtemp(join(tmpdir(), 'tillwire-')) : dataFolder(values.data);
    try {
      return await tradeOn(dataDir, stop);
    } finally {
      if (values.data === undefined) await rm(dataDir, { recursive: true, force: true });
    }
  },
});

async function tradeOn(dataDir: string, stop: Promise<unknown>): Promise<number> {
  const fleet = await startFleet({
    nodes: 1,
    port: 0,
    dataDir,
    nodeArgs: ['--config', CONFIG, '--log-level', 'warn'],
    log: openLog('warn'),
  });
  const over = new AbortController();
  try {
    const stopped = Promise.race([stop.then(() => EXIT.failed), fleet.broken.then((error) => Promise.reject(error))]);
    return await Promise.race([tradeAndStay(fleet, stop, over.signal), stopped]);
  } finally {
    over.abort();
    await fleet.stop();
  }
}

async function tradeAndStay(fleet: Fleet, stop: Promise<unknown>, over: AbortSignal): Promise<number> {
  await fleet.ready;
  const { order, code } = await startTradeProcess(fleet.natsUrl, over);
  if (process.stdout.isTTY && order) {
    process.stdout.write(suggestions(fleet.natsUrl, order));
    await stop;
  }
  return code;
}

function suggestions(url: string, order: string): string {
  return [
    '',
    'It stays up until Ctrl-C. To look around, in another terminal:',
    `  npx tillwire order ${order} --explain --nats ${url}`,
    `  npx tillwire store store-bristol --nats ${url}`,
    `  npx tillwire gateway main --journal --nats ${url}`,
    '',
  ].join('\n');
}
