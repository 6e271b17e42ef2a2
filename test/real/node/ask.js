// Asks once, as a client that knows nothing of Tillwire does: `ask.js <nats url> <subject>`.
import { connect } from 'nats';

const [, , servers, subject] = process.argv;
const client = await connect({ servers });
const reply = await client.request(subject, '', { timeout: 15_000 });
process.stdout.write(reply.string());
await client.close();
