/** The process of the publisher: `publisher.ts <nats url>`, forked by publisher-process.ts. */
import { openConnection } from '../../supervisor/nats/connection.ts';
import type { Answer, Question } from './publisher-process.ts';
import { publisherTasks } from './publisher-tasks.ts';

const connection = await openConnection({ servers: process.argv[2] ?? '', name: 'bench-publisher' });
const tasks = publisherTasks(connection) as unknown as Record<string, (...given: unknown[]) => unknown>;
const say = (answer: Answer): void => {
  process.send?.(answer);
};

process.on('message', ({ number, task, given }: Question) => {
  Promise.resolve()
    .then(() => tasks[task]?.(...given))
    .then(
      (result) => say({ number, result }),
      (error: Error) => say({ number, error: error.message }),
    );
});
process.on('disconnect', () => process.exit(0));
say({ number: 0 });
