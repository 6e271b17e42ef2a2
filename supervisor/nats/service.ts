/** Queries by request-reply as a NATS micro service: `$SRV.PING`, `INFO` and `STATS` answer, nodes share the requests. */
import { ServiceError, type ServiceMsg, Svcm } from '@nats-io/services';
import { decode, type Encoding, encodeForClient, encodingOf, MSGPACK_CONTENT_TYPE } from '../../protocols/codec.ts';
import { messageOf } from '../../protocols/thrown.ts';
import { isToken } from '../../protocols/token.ts';
import type { Connection } from './connection.ts';
import { headerLine, rawHeaders } from './raw-headers.ts';
import { Reply } from './reply.ts';

const SERVICE_NAME = 'tillwire';
const QUEUE = 'nodes';
const MAX_ERROR_TEXT = 500;

export interface Endpoint {
  name: string;
  /** With one `*`, where the id is. */
  subject: string;
  /**
   * `request` is undefined where there is none. Undefined: there is no such thing (404). Throws `BadQuery` for what can't be
   * answered (400); anything else thrown is a defect (500). A `Reply` encodes itself, anything else is encoded here.
   */
  handle(id: string, request: unknown): Promise<unknown>;
}

export class BadQuery extends Error {}

export interface QueryService {
  /** Answers what was asked already, and no more. */
  stop(): Promise<void>;
}

/** `failed` is called once when the service ends without being stopped. */
export async function serveQueries(
  connection: Connection,
  version: string,
  endpoints: readonly Endpoint[],
  failed: (error: Error) => void,
): Promise<QueryService> {
  const description = 'Queries of the wire contract, section 5';
  const answers = new Set<Promise<void>>();
  const service = await new Svcm(connection.nats).add({ name: SERVICE_NAME, version, description, queue: QUEUE });
  for (const endpoint of endpoints) {
    service.addEndpoint(endpoint.name, {
      subject: endpoint.subject,
      handler: (error, message) => {
        if (error) return;
        const answering = answer(endpoint, message);
        answers.add(answering);
        void answering.finally(() => answers.delete(answering));
      },
    });
  }
  await connection.nats.flush();
  let stopping = false;
  void service.stopped.then((error) => {
    if (!stopping) failed(error ?? new Error('the query service ended'));
  });
  return {
    async stop() {
      stopping = true;
      await service.stop();
      await Promise.all(answers);
    },
  };
}

function answer(endpoint: Endpoint, message: ServiceMsg): Promise<void> {
  const encoding = encodingOf(message.headers?.get('Content-Type'));
  // What is thrown here, the library counts and answers.
  const id = idOf(endpoint, message);
  const request = requestOf(message, encoding);
  return endpoint
    .handle(id, request)
    .then((reply) => respond(message, encoding, reply))
    .catch((error) => {
      const { code, message: text } = toServiceError(error);
      message.respondError(code, text);
    });
}

function idOf(endpoint: Endpoint, { subject }: ServiceMsg): string {
  const id = subject.split('.')[endpoint.subject.split('.').indexOf('*')] ?? '';
  if (!isToken(id)) throw new ServiceError(400, 'the id is not a token');
  return id;
}

function requestOf({ data }: ServiceMsg, encoding: Encoding): unknown {
  if (data.length === 0) return undefined;
  try {
    return decode(data, encoding);
  } catch {
    throw new ServiceError(400, `the request is not ${encoding}`);
  }
}

function respond(message: ServiceMsg, encoding: Encoding, reply: unknown): void {
  if (reply === undefined) throw new ServiceError(404, `nothing is known of ${message.subject}`);
  const bytes = reply instanceof Reply ? reply.in(encoding) : encodeForClient(reply, encoding);
  if (encoding === 'json') message.respond(bytes);
  else {
    message.respond(bytes, { headers: rawHeaders(headerLine('Content-Type', MSGPACK_CONTENT_TYPE)) });
  }
}

function toServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  const text = messageOf(error).replace(/[^\x20-\x7e]/g, '?');
  return new ServiceError(error instanceof BadQuery ? 400 : 500, text.slice(0, MAX_ERROR_TEXT));
}
