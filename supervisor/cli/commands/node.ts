import { type NodeOptions, startNode } from '../../node/node.ts';
import { checkedConfig } from '../checked-config.ts';
import { command, EXIT } from '../command.ts';
import { dataFolder } from '../data-folder.ts';
import { askedToStop } from '../fleet/asked-to-stop.ts';
import { openLog } from '../fleet/log.ts';
import { READY } from '../fleet/node-process.ts';
import { nodeName } from '../node-name.ts';
import { checkedId } from '../show-entity.ts';
import { natsUrl, TERMINAL_OPTIONS } from '../terminal-options.ts';

export const node = command({
  forms: ['node'],
  about: 'Runs one node in the foreground; SIGTERM drains and exits 0. Several share the partitions.',
  options: {
    nats: TERMINAL_OPTIONS.nats,
    id: { type: 'string', value: '<id>', help: 'its name among the nodes (host and process id)' },
    data: { type: 'string', value: '<folder>', help: 'where it keeps the report (without: it has none)' },
    monitor: {
      type: 'string',
      value: '<url>',
      help: 'monitoring address of the server: it must say that it syncs each write',
    },
    'allow-unsynced': { type: 'boolean', help: 'go on where acknowledged writes may be lost with the power' },
    config: { type: 'string', value: '<file>', help: 'its configuration, JSON' },
    partitions: { type: 'string', value: '<n>', help: 'of a new system; an existing one keeps its own' },
    'log-level': { type: 'string', value: '<level>', help: 'debug, info, warn, error (info)' },
  },
  async run({ values }) {
    const id = checkedId('node', values.id ?? nodeName());
    const log = openLog(values['log-level'] ?? 'info', { node: id });
    const { data, monitor, 'allow-unsynced': allowUnsynced = false } = values;
    const config = checkedConfig(values);
    try {
      return await runNode({
        id,
        natsUrl: natsUrl(values),
        config,
        log,
        allowUnsynced,
        queriesFirst: true,
        ...(data !== undefined && { dataDir: dataFolder(data) }),
        ...(monitor !== undefined && { monitor }),
      });
    } finally {
      // The channel to a parent would keep this process alive.
      if (process.connected) process.disconnect();
    }
  },
});

async function runNode(options: NodeOptions): Promise<number> {
  const stopping = new AbortController();
  const stop = Promise.race([askedToStop(), parentGone()]).then((reason) => {
    options.log.info({ reason }, 'draining');
    stopping.abort();
  });
  const running = await startNode({ ...options, stopping: stopping.signal }).catch((error: Error) => {
    if (stopping.signal.aborted) return undefined;
    throw error;
  });
  if (!running) return EXIT.done;
  // When it fails, `exited` says so.
  running.ready.then(() => process.send?.(READY)).catch(() => undefined);
  void stop.then(() => running.stop());
  return running.exited;
}

/** A node whose parent was killed stops too: nobody would stop it any more. */
function parentGone(): Promise<string> {
  return new Promise((settle) => process.once('disconnect', () => settle('the parent process is gone')));
}
