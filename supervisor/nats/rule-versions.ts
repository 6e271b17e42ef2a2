/** Versions of the commission rules in the bucket, `rules.<version>`: written once, read and followed by every node. */
import { isDeepStrictEqual } from 'node:util';
import { decode, encode } from '../../protocols/codec.ts';
import type { RuleVersion } from '../../protocols/commission.ts';
import { BUCKET, KEY_PREFIX, key } from '../../protocols/subjects.ts';
import type { Reader } from '../turn/ports.ts';
import type { Connection } from './connection.ts';
import { readOnce } from './direct-get.ts';
import { OrderedReader } from './ordered-reader.ts';
import { headerLine } from './raw-headers.ts';
import { storeMessage, WRONG_LAST_SEQUENCE } from './store-message.ts';

const EVERY_VERSION = KEY_PREFIX + key.rules('*');

export class RuleVersions {
  private readonly connection: Connection;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  async published(): Promise<RuleVersion[]> {
    const found = await readOnce(this.connection, BUCKET, (reader) => reader.all(EVERY_VERSION));
    return found.map(({ bytes }) => decode(bytes, 'json') as RuleVersion);
  }

  /** Throws where one is published with other content: orders may be under it already. */
  async publish(versions: readonly RuleVersion[]): Promise<void> {
    for (const version of versions) {
      if (await this.create(version)) continue;
      const known = (await this.published()).find((other) => other.version === version.version);
      if (isDeepStrictEqual(known, version)) continue;
      throw new Error(
        `commission: version ${version.version} is published with other content, and orders may be under it: ` +
          'leave it as it was, and add a new version',
      );
    }
  }

  /** Tells every version from now on; some may be known. */
  async follow(heard: (version: RuleVersion) => void, failed: (error: Error) => void): Promise<Reader> {
    const reader = new OrderedReader(this.connection, {
      stream: BUCKET,
      filters: [EVERY_VERSION],
      after: 0,
      deliver: ({ message }) => heard(decode(message.data, 'json') as RuleVersion),
      failed,
    });
    await reader.started();
    return { stop: async () => reader.stop() };
  }

  private async create(version: RuleVersion): Promise<boolean> {
    const isFirst = headerLine('Nats-Expected-Last-Subject-Sequence', '0');
    const subject = KEY_PREFIX + key.rules(version.version);
    const { error } = await storeMessage(this.connection, subject, encode(version, 'json'), isFirst);
    if (error && error.err_code !== WRONG_LAST_SEQUENCE)
      throw new Error(`version ${version.version} was not published: ${error.description} (${error.err_code})`);
    return error === undefined;
  }
}
