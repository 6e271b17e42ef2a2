/** A message that is published into a stream, and what the server says of it. */
import type { Connection } from './connection.ts';
import { rawHeaders } from './raw-headers.ts';

const ANSWER_TIMEOUT_MS = 5000;

/** Another message is the last one of the subject than was expected. */
export const WRONG_LAST_SEQUENCE = 10071;

export interface StoreAnswer {
  /** 0 where there is an error. */
  seq: number;
  error?: { err_code: number; description: string };
}

/** `headers`: lines `Name:value\r\n`. Without an answer it rejects: then nobody knows. */
export async function storeMessage(
  connection: Connection,
  subject: string,
  bytes: Uint8Array,
  headers: string,
): Promise<StoreAnswer> {
  const options = { headers: rawHeaders(headers), timeout: ANSWER_TIMEOUT_MS };
  const answer = await connection.whileUp(connection.nats.request(subject, bytes, options));
  return answer.json<StoreAnswer>();
}
