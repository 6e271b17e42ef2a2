import { BOOKED_SUBJECT } from '../../../protocols/attribution.ts';
import { EVENTS } from '../../../protocols/subjects.ts';
import { DailyFiles } from '../../feed/daily-files.ts';
import { Feed } from '../../feed/feed.ts';
import { Archive } from '../../nats/archive.ts';
import { openConnection } from '../../nats/connection.ts';
import { holdAlone } from '../../nats/sole-holder.ts';
import { command, EXIT, UsageError } from '../command.ts';
import { askedToStop } from '../fleet/asked-to-stop.ts';
import { natsUrl, TERMINAL_OPTIONS } from '../terminal-options.ts';

export const feed = command({
  forms: ['feed --out <folder>'],
  about: `Writes the rows of the report to the ERP into daily files, attribution-YYYY-MM-DD.jsonl, until Ctrl-C. It goes on where it
stopped, whatever stopped it: position.json beside the files says how far they are whole, and no row is skipped or
repeated. tillwire contract --schema attribution prints the schema of a row.`,
  options: {
    nats: TERMINAL_OPTIONS.nats,
    out: { type: 'string', value: '<folder>', help: 'where the files are; one feed a folder' },
    once: { type: 'boolean', help: 'write what is booked now, and end' },
  },
  async run({ values }) {
    const { out, once = false } = values;
    if (out === undefined) throw new UsageError('--out says where the files are');
    const stop = once ? Promise.resolve() : askedToStop();
    const connection = await openConnection({ servers: natsUrl(values), name: 'tillwire feed' });
    const archive = new Archive(connection, EVENTS);
    try {
      const stream = await archive.identity();
      if (!(await holdAlone(connection, `feed.${await DailyFiles.idOf(out, stream)}`)))
        throw new Error(`another feed writes to ${out}: it must end first, or this one needs a folder of its own`);
      const files = await DailyFiles.open(out, stream);
      await (once ? catchUp(archive, files) : follow(archive, files, stop));
      process.stderr.write(`${out} is whole up to message ${files.position}\n`);
    } finally {
      archive.close();
      await connection.drain();
    }
    return EXIT.done;
  },
});

async function catchUp(archive: Archive, files: DailyFiles): Promise<void> {
  const feed = new Feed(files, () => {});
  for await (const page of archive.pages(BOOKED_SUBJECT, files.position + 1)) {
    for (const message of page) await feed.take(message);
  }
  await feed.flushed();
}

async function follow(archive: Archive, files: DailyFiles, stop: Promise<unknown>): Promise<void> {
  let fail: (error: Error) => void = () => {};
  const broken = new Promise<never>((_, reject) => {
    fail = reject;
  });
  const feed = new Feed(files, fail);
  const end = await archive.follow(BOOKED_SUBJECT, files.position, (message) => feed.take(message), fail);
  try {
    await Promise.race([stop, broken]);
  } finally {
    end();
  }
  await feed.flushed();
}
