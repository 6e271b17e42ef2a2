import { resolve } from 'node:path';
import { checkedConfig } from '../checked-config.ts';
import { command, EXIT, UsageError } from '../command.ts';
import { askedToStop } from '../fleet/asked-to-stop.ts';
import { type Fleet, startFleet } from '../fleet/fleet.ts';
import { openLog } from '../fleet/log.ts';
import { wholeNumber } from '../parse-command-line.ts';

const MOST_NODES = 64;
const LAST_PORT = 65_535;

export const up = command({
  forms: ['up'],
  about: 'Prints one JSON line on stdout when it serves; logs go to stderr. SIGTERM drains and exits 0.',
  options: {
    port: { type: 'string', value: '<port>', help: 'of the embedded server; 0: any free one (4222)' },
    data: { type: 'string', value: '<folder>', help: 'where the embedded server keeps everything (./data)' },
    nodes: { type: 'string', value: '<n>', help: 'node processes (1)' },
    gateway: { type: 'string', value: 'simulator', help: 'who serves the gateway accounts' },
    config: { type: 'string', value: '<file>', help: 'configuration of the nodes, JSON' },
    partitions: { type: 'string', value: '<n>', help: 'of a new system; an existing one keeps its own' },
    nats: { type: 'string', value: '<url>', help: 'join this server instead of starting one' },
    monitor: { type: 'string', value: '<url>', help: 'with --nats: its monitoring address' },
    'allow-unsynced': {
      type: 'boolean',
      help: 'with --nats: go on where acknowledged writes may be lost with the power',
    },
    'log-level': { type: 'string', value: '<level>', help: 'debug, info, warn, error (info)' },
  },
  async run({ values }) {
    const { gateway = 'simulator', config, partitions, nats, 'log-level': level = 'info' } = values;
    if (gateway !== 'simulator') throw new UsageError(`--gateway ${gateway}: only simulator is there`);
    if (nats !== undefined && (values.port ?? values.data) !== undefined) {
      throw new UsageError('--port and --data are of an embedded server: they do not go with --nats');
    }
    // Read here too, so that a mistake in it is said at once and once.
    checkedConfig(values);
    const nodeArgs = ['--log-level', level];
    if (config !== undefined) nodeArgs.push('--config', resolve(config));
    if (values.monitor !== undefined) nodeArgs.push('--monitor', values.monitor);
    if (values['allow-unsynced']) nodeArgs.push('--allow-unsynced');
    if (partitions !== undefined) nodeArgs.push('--partitions', partitions);
    const log = openLog(level);
    const stop = askedToStop();
    const fleet = await startFleet({
      nodes: wholeNumber('nodes', values.nodes ?? '1', 1, MOST_NODES),
      ...(nats !== undefined && { natsUrl: nats }),
      port: wholeNumber('port', values.port ?? '4222', 0, LAST_PORT),
      dataDir: resolve(values.data ?? 'data'),
      nodeArgs,
      log,
    });
    void fleet.ready.then(() => announce(fleet));
    const ending = await Promise.race([stop, fleet.broken]);
    log.info({ reason: ending instanceof Error ? ending.message : ending }, 'draining');
    await fleet.stop();
    if (ending instanceof Error) throw ending;
    return EXIT.done;
  },
});

function announce(fleet: Fleet): void {
  process.stdout.write(`${JSON.stringify({ ready: true, nats: fleet.natsUrl, nodes: fleet.pids() })}\n`);
}
