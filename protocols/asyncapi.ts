/** The wire contract in machine-readable form: AsyncAPI 3, generated from the schemas that commands are checked with. */
import { BOOKED } from './attribution.ts';
import { COMMAND_SCHEMAS, type CommandEntity, RIGHTS } from './commands.ts';
import { REFUSALS } from './refusals.ts';
import { TOKEN_PATTERN } from './token.ts';

const token = { description: `A token: ${TOKEN_PATTERN}` };
const origin = { description: 'Who speaks: `<kind>-<name>`, kind is channel, store, ops or gateway' };
const ref = (path: string): { $ref: string } => ({ $ref: `#/${path}` });

const OUTCOME = {
  type: 'object',
  required: ['command', 'outcome', 'revision'],
  properties: {
    command: { type: 'string', description: 'Nats-Msg-Id of the command' },
    outcome: { enum: ['applied', 'rejected'] },
    code: { enum: Object.keys(REFUSALS) },
    reason: { type: 'string' },
    revision: { type: 'integer', minimum: 0 },
  },
};

const ENTITY_EVENT = { type: 'object', properties: { at: { type: 'string', format: 'date-time' } } };

/** What terminals may rely on; `version` is the product's. */
export function asyncApi(version: string): object {
  const channels: Record<string, object> = { ...ANSWERS };
  const operations: Record<string, object> = {};
  const messages: Record<string, object> = {
    outcome: { title: 'The one outcome of a command, in its encoding', payload: OUTCOME },
    event: { title: 'A domain event, past tense, JSON', payload: ENTITY_EVENT },
    booked: { title: 'Rows of the report to the ERP, booked by one step of an order, JSON', payload: BOOKED },
  };
  for (const [entity, commands] of Object.entries(COMMAND_SCHEMAS)) {
    const rights: Record<string, readonly string[]> = RIGHTS[entity as CommandEntity];
    for (const [name, payload] of Object.entries(commands)) {
      const id = `${entity}.${name}`;
      messages[id] = { title: id, headers: HEADERS, payload };
      channels[id] = {
        address: `in.{origin}.${entity}.{id}.${name}`,
        parameters: { origin, id: token },
        messages: { command: ref(`components/messages/${id}`) },
      };
      operations[id] = {
        action: 'receive',
        summary: `From an origin of kind ${(rights[name] ?? []).join(', ')}`,
        channel: ref(`channels/${id}`),
      };
    }
  }
  return {
    asyncapi: '3.0.0',
    info: { title: 'Tillwire', version, license: { name: 'Apache-2.0' } },
    defaultContentType: 'application/json',
    channels,
    operations,
    components: { messages },
  };
}

const HEADERS = {
  type: 'object',
  properties: {
    'Nats-Msg-Id': { type: 'string', maxLength: 200, description: 'The command id: the same id is the same command' },
    'Content-Type': { enum: ['application/json', 'application/msgpack'] },
    traceparent: { type: 'string' },
  },
};

const ANSWERS = {
  outcomes: {
    address: 'out.{origin}.{entity}.{id}.{name}',
    parameters: { origin, entity: token, id: token, name: token },
    messages: { outcome: ref('components/messages/outcome') },
  },
  events: {
    address: 'event.{entity}.{id}.{name}',
    parameters: { entity: token, id: token, name: token },
    messages: { event: ref('components/messages/event') },
  },
  attribution: {
    address: 'event.attribution.{order}.booked',
    parameters: { order: token },
    messages: { booked: ref('components/messages/booked') },
  },
};
