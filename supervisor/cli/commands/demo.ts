import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { command, EXIT } from '../command.ts';
import { dataFolder } from '../data-folder.ts';
import { openDemoFolder } from '../fleet/demo-folder.ts';
import { type Fleet, startFleet } from '../fleet/fleet.ts';
import { openLog } from '../fleet/log.ts';
import { type StopRequest, stopRequest } from '../fleet/stop-request.ts';
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
    const stop = stopRequest();
    const dataDir = values.data === undefined ? await openDemoFolder() : dataFolder(values.data);
    try {
      return stop.exitCode(await tradeOn(dataDir, stop));
    } catch (error) {
      if (!stop.stopping.aborted) throw error;
      say(stop.stopping.reason.message);
      return stop.exitCode(EXIT.failed);
    } finally {
      if (values.data === undefined) await rm(dataDir, { recursive: true, force: true });
    }
  },
});

/** Beside the report, which is on stdout. */
function say(text: string): void {
  process.stderr.write(`tillwire: ${text}\n`);
}

async function tradeOn(dataDir: string, stop: StopRequest): Promise<number> {
  const fleet = await startFleet({
    nodes: 1,
    port: 0,
    dataDir,
    nodeArgs: ['--config', CONFIG, '--log-level', 'warn'],
    log: openLog('warn'),
    say,
    stop,
  });
  const over = new AbortController();
  try {
    const stopped = Promise.race<never>([
      stop.asked.then(() => Promise.reject(stop.stopping.reason)),
      fleet.broken.then((error) => Promise.reject(error)),
    ]);
    return await Promise.race([tradeAndStay(fleet, stop.asked, over.signal), stopped]);
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
