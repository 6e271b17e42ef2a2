/** `npm run soak`: the year of Online Retail II, traded on a real server and node through the wire contract, then verified to the penny. */
import { messageOf } from '../../protocols/thrown.ts';
import { BookKeeper } from '../../supervisor/demo/books.ts';
import { patient } from '../../supervisor/demo/patient-terminal.ts';
import { showProgress } from '../../supervisor/demo/progress.ts';
import { TradeRun } from '../../supervisor/demo/trade-run.ts';
import { openConnection } from '../../supervisor/nats/connection.ts';
import { Terminal } from '../../supervisor/nats/terminal.ts';
import type { Journey } from '../../supervisor/sample/journey.ts';
import { type YearTrade, yearToTrade } from '../../supervisor/sample/year-to-trade.ts';
import { BookedRows } from './booked-rows.ts';
import { Meters } from './meters.ts';
import { NodeProfile } from './node-profile.ts';
import { readOptions, type SoakOptions } from './options.ts';
import { type SoakResult, soakJson, soakReport } from './report.ts';
import { askReport } from './report-query.ts';
import { streamSizes } from './streams.ts';
import { type SoakedSystem, startSystem } from './system.ts';
import { holds, verify } from './verify.ts';

const LINE_EVERY_MS = 10_000;
const INTERRUPTED = 130;
const WRONG_USE = 2;

const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

async function soak(options: SoakOptions): Promise<SoakResult> {
  const began = performance.now();
  say('reading the sheet…');
  const trade = await yearToTrade(options.data, new Date(), { weeks: options.weeks, sales: options.orders });
  const plannedMs = performance.now() - began;
  say(`${trade.orders} orders, ${trade.counts.returns} returns; starting server and node…`);
  const profiled = options.profile ? await NodeProfile.prepare() : undefined;
  const system = await startSystem(profiled?.execArgv ?? []);
  const died = system.node.exited.then((how) => Promise.reject(new Error(`the node ended with ${how}`)));
  died.catch(() => undefined);
  const result = await Promise.race([soakSystem(system, trade, options), died]);
  await system.stop();
  const profile = await profiled?.read();
  return { ...result, plannedMs, ...(profile && { profile }) };
}

async function soakSystem(
  system: SoakedSystem,
  trade: YearTrade,
  { concurrency }: SoakOptions,
): Promise<Omit<SoakResult, 'plannedMs'>> {
  const connection = await openConnection({ servers: system.server.url, name: 'soak' });
  const terminal = new Terminal(connection);
  const orders: string[] = [];
  const run = new TradeRun({ ...trade, journeys: noting(trade.journeys(), orders) }, terminal, concurrency);
  const meters = new Meters(system, connection, () => run.over);
  const more = (): string[] => meters.line();
  const endProgress = showProgress(run, process.stderr, { lineEveryMs: LINE_EVERY_MS, more });
  const fromMs = Date.now();
  const started = performance.now();
  await run.run().finally(endProgress);
  const tradedMs = performance.now() - started;
  const measured = await meters.close();
  say('verifying…');
  const verifyStarted = performance.now();
  const found = await verify(patient(terminal), orders, new BookKeeper(), new BookedRows(connection));
  const report = await askReport(terminal, { fromMs, toMs: Date.now() });
  const verifiedMs = performance.now() - verifyStarted;
  const streams = await streamSizes(connection);
  await terminal.close();
  return {
    trade: { orders: trade.orders, counts: trade.counts, account: trade.account, rounding: trade.rounding },
    commands: run.tally.commands,
    tradedMs,
    verifiedMs,
    measured,
    streams,
    found,
    report,
    holds: holds(found, report, trade.orders),
  };
}

/** Passes journeys on, and keeps their orders' ids. */
async function* noting(journeys: AsyncIterable<Journey>, orders: string[]): AsyncGenerator<Journey> {
  for await (const journey of journeys) {
    orders.push(journey.placed.order);
    yield journey;
  }
}

function optionsOrExit(): SoakOptions {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    say(messageOf(error));
    process.exit(WRONG_USE);
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(INTERRUPTED));

const options = optionsOrExit();
const result = await soak(options);
process.stdout.write(options.json ? `${soakJson(result)}\n` : `${soakReport(result)}\n`);
process.exit(result.holds ? 0 : 1);
