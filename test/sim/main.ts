/** `npm run sim -- --seeds 2000 [--from N] [--seed N --trace]`. */
import { simulate } from './simulate.ts';

const from = Number(process.argv[2] ?? 1),
  n = Number(process.argv[3] ?? 1);
const t0 = performance.now();
let events = 0;
for (let seed = from; seed < from + n; seed++) {
  const report = await simulate({ seed, ...(process.argv[4] ? { print: console.log } : {}) });
  events += report.counts.get('events') ?? 0;
  if (report.violations.length > 0) {
    console.log(seed, report.violations.slice(0, 5));
    if (process.argv[4]) console.log(report.counts);
  }
}
console.log('ms/seed', (performance.now() - t0) / n, 'events/seed', events / n);
