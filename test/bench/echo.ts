/** `echo.ts <nats url>`, forked by echo-process.ts: answers whatever it is asked, at once. */
import { openConnection } from '../../supervisor/nats/connection.ts';
import { ECHO } from './echo-process.ts';

const { nats } = await openConnection({ servers: process.argv[2] ?? '', name: 'bench-echo' });
nats.subscribe(ECHO, { callback: (_, message) => void message.respond(message.data) });
await nats.flush();
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
