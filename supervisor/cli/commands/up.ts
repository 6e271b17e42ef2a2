import { resolve } from 'node:path';
import { serverAddress } from '../../nats/server-address.ts';
import { checkedConfig } from '../checked-config.ts';
import { command, EXIT, UsageError } from '../command.ts';
import { dataFolder } from '../data-folder.ts';
import { type Fleet, type FleetOptions, startFleet } from '../fleet/fleet.ts';
import { openLog } from '../fleet/log.ts';
import { stopRequest } from '../fleet/stop-request.ts';
import { wholeNumber } from '../parse-command-line.ts';
import { NATS_VARIABLE, natsUrl } from '../terminal-options.ts';

const MOST_NODES = 64;
const LAST_PORT = 65_535;
const DATA = 'data';

export const up = command({
  forms: ['up'],
  about:
    'Prints one JSON line on stdout when it serves; logs go to stderr.\n' +
    'SIGTERM drains and exits 0; so do Ctrl-C and a closed terminal. That takes a moment, and 30 s at most, whatever\n' +
    'stands still: the log says what is waited for. A second Ctrl-C or SIGTERM ends all at once.',
  options: {
    port: { type: 'string', value: '<port>', help: 'of the embedded server; 0: any free one (4222)' },
    data: {
      type: 'string',
      value: '<folder>',
      help: 'where the embedded server keeps everything, and nodes the report (./data)',
    },
    nodes: { type: 'string', value: '<n>', help: 'node processes (1)' },
    gateway: { type: 'string', value: 'simulator', help: 'who serves the gateway accounts' },
    config: { type: 'string', value: '<file>', help: 'configuration of the nodes, JSON' },
    partitions: { type: 'string', value: '<n>', help: 'of a new system; an existing one keeps its own' },
    nats: {
      type: 'string',
      value: '<url>',
      help: `join this server instead of starting one (a login may be in ${NATS_VARIABLE}, with the same address)`,
    },
    monitor: { type: 'string', value: '<url>', help: 'with --nats: its monitoring address' },
    'allow-unsynced': {
      type: 'boolean',
      help: 'with --nats: go on where acknowledged writes may be lost with the power',
    },
    'log-level': { type: 'string', value: '<level>', help: 'debug, info, warn, error (info)' },
  },
  async run({ values }) {
    const options = fleetOptions(values);
    const stop = stopRequest();
    const { log } = options;
    const fleet = await startFleet({ ...options, say: (text) => log.info(text), stop }).catch((error) => {
      if (!stop.stopping.aborted) throw error;
      log.info(`${stop.stopping.reason.message} before it served`);
    });
    if (fleet === undefined) return stop.exitCode(EXIT.done);
    void fleet.ready.then(() => announce(fleet));
    const ending = await Promise.race([stop.asked, fleet.broken]);
    log.info({ reason: ending instanceof Error ? ending.message : ending }, 'draining');
    await fleet.stop();
    if (ending instanceof Error) throw ending;
    return stop.exitCode(EXIT.done);
  },
});

interface UpValues {
  port?: string;
  data?: string;
  nodes?: string;
  gateway?: string;
  config?: string;
  partitions?: string;
  nats?: string;
  monitor?: string;
  'allow-unsynced'?: boolean;
  'log-level'?: string;
}

function fleetOptions(values: UpValues): Omit<FleetOptions, 'say' | 'stop'> {
  const { gateway = 'simulator', nats, port = '4222', nodes = '1', data = DATA, 'log-level': level = 'info' } = values;
  if (gateway !== 'simulator') throw new UsageError(`--gateway ${gateway}: only simulator is there`);
  if (nats !== undefined && values.port !== undefined) {
    throw new UsageError('--port is of an embedded server: it does not go with --nats');
  }
  if (nats === undefined && (values.monitor !== undefined || values['allow-unsynced'])) {
    throw new UsageError('--monitor and --allow-unsynced are of a server that is joined with --nats');
  }
  return {
    nodes: wholeNumber('nodes', nodes, 1, MOST_NODES),
    ...(nats !== undefined && { natsUrl: natsUrl({ nats }) }),
    port: wholeNumber('port', port, 0, LAST_PORT),
    dataDir: dataFolder(data),
    nodeArgs: ['--log-level', level, ...passedOn(values)],
    log: openLog(level),
  };
}

/** Options of each node; the configuration is read here too, so that a mistake in it is said at once and once. */
function passedOn(values: UpValues): string[] {
  checkedConfig(values);
  const args: string[] = [];
  // Beside a server that was joined there is a report only where it was said to be.
  if (values.nats === undefined || values.data !== undefined) args.push('--data', resolve(values.data ?? DATA));
  if (values.config !== undefined) args.push('--config', resolve(values.config));
  if (values.partitions !== undefined) args.push('--partitions', values.partitions);
  if (values.monitor !== undefined) args.push('--monitor', values.monitor);
  if (values['allow-unsynced']) args.push('--allow-unsynced');
  return args;
}

/** Whoever reads this has a login already: none is told. */
function announce(fleet: Fleet): void {
  const { server } = serverAddress(fleet.natsUrl);
  process.stdout.write(`${JSON.stringify({ ready: true, nats: server, nodes: fleet.pids() })}\n`);
}
