import { hostname } from 'node:os';

const MOST_OF_HOST = 40;

/** A name among nodes of several machines: host and process id, as one token. */
export function nodeName(): string {
  return `${hostname()
    .replace(/[^A-Za-z0-9_-]/g, '-')
    .slice(0, MOST_OF_HOST)}-${process.pid}`;
}
