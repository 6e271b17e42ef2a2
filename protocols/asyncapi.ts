/** The wire contract in machine-readable form: AsyncAPI 3, generated from the schemas that commands are checked with. */
import { BOOKED } from './attribution.ts';
import { COMMAND_SCHEMAS, type CommandEntity, MAX_MESSAGE_ID, RIGHTS } from './commands.ts';
import { DEAD_HEADERS } from './dead-letter.ts';
import { REFUSALS } from './refusals.ts';
import { STORE_WORK } from './store-work.ts';
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

/** A request that is answered by a reply: `Nats-Service-Error-Code` in the reply's headers where it can't be. */
export interface AskedQuery {
  /** With `*` where the id is. */
  subject: string;
  summary: string;
  /** JSON Schema of the payload; none where it has none. */
  request?: object;
}

/** What terminals may rely on; `version` is the product's. */
export function asyncApi(version: string, queries: readonly AskedQuery[]): object {
  const channels: Record<string, object> = { ...ANSWERS };
  const operations: Record<string, object> = {};
  const messages: Record<string, object> = {
    outcome: { title: 'The one outcome of a command, in its encoding', payload: OUTCOME },
    reply: { title: 'What was asked for, in the encoding of the request', headers: REPLY_HEADERS },
    event: { title: 'A domain event, past tense, JSON', payload: ENTITY_EVENT },
    booked: { title: 'Rows of the report to the ERP, booked by one step of an order, JSON', payload: BOOKED },
    dead: DEAD_LETTER,
    ...Object.fromEntries(WORK.map(({ id, title, payload }) => [id, { title, payload }])),
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
  for (const { subject, summary, request } of queries) {
    const id = subject.replace('.*', '');
    messages[id] = { title: id, payload: request ?? {} };
    channels[id] = {
      address: subject.replace('*', '{id}'),
      ...(subject.includes('*') ? { parameters: { id: token } } : {}),
      messages: { request: ref(`components/messages/${id}`) },
    };
    operations[id] = {
      action: 'receive',
      summary,
      channel: ref(`channels/${id}`),
      messages: [ref(`channels/${id}/messages/request`)],
      reply: { channel: ref('channels/reply'), messages: [ref('channels/reply/messages/reply')] },
    };
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
    'Nats-Msg-Id': {
      type: 'string',
      maxLength: MAX_MESSAGE_ID,
      description: 'The command id: the same id is the same command',
    },
    'Content-Type': { enum: ['application/json', 'application/msgpack'] },
    traceparent: { type: 'string' },
  },
};

const REPLY_HEADERS = {
  type: 'object',
  properties: {
    'Nats-Service-Error-Code': {
      type: 'string',
      description: '404: there is no such thing; 400: it can not be asked so',
    },
    'Nats-Service-Error': { type: 'string' },
  },
};

const DEAD_LETTER = {
  title: 'What could not be read, or whose handling threw: the original bytes',
  contentType: 'application/octet-stream',
  headers: DEAD_HEADERS,
  payload: {},
};

const WORK = Object.entries(STORE_WORK).flatMap(([entity, works]) =>
  Object.entries(works).map(([name, payload]) => ({
    id: `work.${name}`,
    title: `Work for a store: ${name}, JSON`,
    payload,
    channel: {
      address: `out.{origin}.${entity}.{id}.${name}`,
      parameters: { origin, id: token },
      messages: { work: ref(`components/messages/work.${name}`) },
    },
  })),
);

const ANSWERS = {
  // Their addresses cover those of work for a store.
  outcomes: {
    address: 'out.{origin}.{entity}.{id}.{name}',
    parameters: { origin, entity: token, id: token, name: token },
    messages: {
      outcome: ref('components/messages/outcome'),
      ...Object.fromEntries(WORK.map(({ id, channel }) => [id, channel.messages.work])),
    },
  },
  ...Object.fromEntries(WORK.map(({ id, channel }) => [id, channel])),
  dead: {
    address: 'dead.{entity}.{id}.{command}',
    parameters: { entity: token, id: token, command: token },
    messages: { dead: ref('components/messages/dead') },
  },
  events: {
    address: 'event.{entity}.{id}.{name}',
    parameters: { entity: token, id: token, name: token },
    messages: { event: ref('components/messages/event') },
  },
  // The inbox that NATS names with a request.
  reply: { address: null, messages: { reply: ref('components/messages/reply') } },
  attribution: {
    address: 'event.attribution.{order}.booked',
    parameters: { order: token },
    messages: { booked: ref('components/messages/booked') },
  },
};
