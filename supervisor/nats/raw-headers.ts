import type { MsgHdrs } from '@nats-io/transport-node';

/**
 * Headers from lines `Name:value\r\n`. The client asks of headers only that they encode themselves; its own take four times as
 * long to build. Values must not have line breaks.
 */
export function rawHeaders(lines: string): MsgHdrs {
  return { encode: () => Buffer.from(`NATS/1.0\r\n${lines}\r\n`) } as unknown as MsgHdrs;
}

/** A line break in a value would let it write headers of its own. */
export function headerLine(name: string, value: string): string {
  if (/[\r\n]/.test(name) || /[\r\n]/.test(value))
    throw new RangeError(`header ${JSON.stringify(name)} has a line break`);
  return `${name}:${value}\r\n`;
}
