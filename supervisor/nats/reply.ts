import { type Encoding, encodeForClient } from '../../protocols/codec.ts';

/** What is answered, encoded once however often it is given. */
export class Reply {
  private readonly value: object;
  private readonly encoded = new Map<Encoding, Uint8Array>();

  constructor(value: object) {
    this.value = value;
  }

  in(encoding: Encoding): Uint8Array {
    const known = this.encoded.get(encoding);
    if (known) return known;
    const bytes = encodeForClient(this.value, encoding);
    this.encoded.set(encoding, bytes);
    return bytes;
  }
}
