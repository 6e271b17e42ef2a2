/** The figures as a table for people. */
import type { Latency } from './latency.ts';
import type { Window } from './measure.ts';
import type { Profiled } from './profile.ts';
import { archive, type BenchResult, hotPath } from './result.ts';

type Row = readonly [what: string, figure: string];

const WIDTH = 46;

export function table(result: BenchResult): string {
  const sections: [string, Row[]][] = [
    [`saturation, ${result.options.orders} orders in flight`, saturationRows(result)],
    ['latency, publish to outcome', latencyRows(result)],
    ['limits of the server, same run', limitRows(result)],
    [
      'aims',
      result.aims.map(({ name, value, wanted, met }) => [name, `${round(value)}  ${wanted}${met ? '' : '  MISSED'}`]),
    ],
  ];
  if (result.profile) sections.push(['CPU of the node by part, µs', profileRows(result.profile)]);
  const { machine, options } = result;
  const head = `sync ${options.sync}, nats-server ${machine.natsServer}, node ${machine.node}, ${machine.cores} cores, load ${round(machine.loadBefore)} before`;
  const warning = machine.disturbed
    ? ['DISTURBED: this machine does other work, figures and ratios do not repeat']
    : [];
  return [head, ...warning, ...sections.map(([title, rows]) => [`\n${title}`, ...rows.map(line)].join('\n'))].join(
    '\n',
  );
}

function saturationRows({ saturation }: BenchResult): Row[] {
  const { seconds, orders, finished, commands, handled, whole, commit, peakRss } = saturation;
  const { stored } = whole;
  return [
    ['orders/s (commands/s in whole orders), finished', `${round(orders / seconds)}, ${round(finished / seconds)}`],
    ['commands/s (external)', round(commands / seconds)],
    ['messages handled/s (gateway results included)', round(handled / seconds)],
    ['CPU s per 1,000 orders: node, server', cpuPerThousand(saturation)],
    ['cores busy: node, server, publisher', coresBusy(saturation)],
    ['peak RSS, MB: node, server', `${megabytes(peakRss.node)}, ${megabytes(peakRss.server)}`],
    [
      'stored messages per command, per handled',
      `${round(hotPath(stored) / whole.commands)}, ${round(hotPath(stored) / whole.handled)}`,
    ],
    [
      '  copies: archive, simulator, per command',
      `${round(archive(stored) / whole.commands)}, ${round(stored.SIMULATOR / whole.commands)}`,
    ],
    ['bytes on disk per order', round(whole.diskBytes / whole.orders)],
    ['messages per commit, bytes per message', `${round(commit.messagesPerCommit)}, ${round(commit.bytesPerMessage)}`],
    [
      '  of kind',
      Object.entries(commit.kinds)
        .map(([kind, share]) => `${kind} ${Math.round(100 * share)} %`)
        .join(', '),
    ],
    ['query p50 / p99', percentiles(saturation.query.known)],
    ['  of an order that is not there', percentiles(saturation.query.unknown)],
    ['  of a service that does nothing', percentiles(saturation.query.echo)],
  ];
}

function latencyRows({ oneInFlight, halfLoad, saturation }: BenchResult): Row[] {
  return [
    ['one in flight p50 / p99', percentiles(oneInFlight.latency)],
    ...Object.entries(oneInFlight.latencyByStep).map(([step, latency]): Row => [`  ${step}`, percentiles(latency)]),
    [`half load (${round(halfLoad.ordersPerSecond)} orders/s) p50 / p99`, percentiles(halfLoad.latency)],
    ['  query p50 / p99', percentiles(halfLoad.query.known)],
    ['  of an order that is not there', percentiles(halfLoad.query.unknown)],
    ['  of a service that does nothing', percentiles(halfLoad.query.echo)],
    ['saturation p50 / p99', percentiles(saturation.latency)],
    ['cores busy at half load', coresBusy(halfLoad)],
  ];
}

function limitRows({ limits, saturation }: BenchResult): Row[] {
  const { ingest, commit, smallCommit } = limits;
  const committed = saturation.stored.KV_tillwire / saturation.seconds;
  return [
    ['ingest, commands/s', round(ingest.commandsPerSecond)],
    [`commit, messages/s in batches of ${commit.messagesPerBatch}`, round(commit.messagesPerSecond)],
    ['  of which the node used', round(committed / commit.messagesPerSecond)],
    ['  one such batch p50 / p99', percentiles(commit.batch)],
    [`one batch of ${smallCommit.messagesPerBatch} alone p50 / p99`, percentiles(smallCommit.batch)],
  ];
}

function profileRows({ parts, functions, busyMicroseconds, commands, handled, seconds }: Profiled): Row[] {
  const share = (microseconds: number): string => `${Math.round((100 * microseconds) / busyMicroseconds)} %`;
  return [
    ['busy, cores', round(busyMicroseconds / seconds / 1e6)],
    ['part', 'per command, per handled message, share'],
    ...[{ name: 'all', microseconds: busyMicroseconds }, ...parts].map(
      ({ name, microseconds }): Row => [
        `  ${name}`,
        `${round(microseconds / commands)}, ${round(microseconds / handled)}, ${share(microseconds)}`,
      ],
    ),
    ['self time by function', 'per command, share'],
    ...functions.map(
      ({ name, microseconds }): Row => [`  ${share(microseconds).padStart(4)} ${round(microseconds / commands)}`, name],
    ),
  ];
}

const line = ([what, figure]: Row): string => `  ${what.padEnd(WIDTH)} ${figure}`;
const percentiles = ({ p50Ms, p99Ms }: Latency): string => `${round(p50Ms)} / ${round(p99Ms)} ms`;
const megabytes = (bytes: number): string => String(Math.round(bytes / 1e6));

function cpuPerThousand({ cpu, orders }: Window): string {
  return [cpu.node, cpu.server].map((seconds) => round((1000 * seconds) / orders)).join(', ');
}

function coresBusy({ cpu, seconds }: Window): string {
  return [cpu.node, cpu.server, cpu.publisher].map((used) => round(used / seconds)).join(', ');
}

/** Three digits are more than a run repeats. */
function round(figure: number): string {
  if (!Number.isFinite(figure)) return '-';
  return Math.abs(figure) >= 100 ? Math.round(figure).toLocaleString('en-US') : String(Number(figure.toPrecision(3)));
}
