/** Requests to the JetStream API, where the client library's own types are behind the server. */
import { JetStreamApiError } from '@nats-io/jetstream';
import type { Connection } from './connection.ts';

const API_TIMEOUT_MS = 5000;

/** Throws `JetStreamApiError` when the server answers with an error. */
export async function requestApi<Reply>(connection: Connection, name: string, body: object): Promise<Reply> {
  const request = connection.nats.request(`$JS.API.${name}`, JSON.stringify(body), { timeout: API_TIMEOUT_MS });
  const answer = await connection.whileUp(request);
  const reply = answer.json<Reply & { error?: { code: number; err_code: number; description: string } }>();
  if (reply.error) throw new JetStreamApiError(reply.error);
  return reply;
}

export function isApiError(error: unknown, code: number): boolean {
  return error instanceof JetStreamApiError && error.code === code;
}
