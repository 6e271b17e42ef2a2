/**
 * `nats://user:password@host:port`, or `nats://token@host:port`; `tls://` is one that must be encrypted. The client reads neither a login
 * nor the scheme out of an address.
 */

/** No connection was made; says to which address, and why. */
export class NotConnected extends Error {}

export type Login = { user: string; pass: string } | { token: string };

export interface ServerAddress {
  /** Without the login: to be shown. */
  server: string;
  login?: Login;
  /** Nothing is sent before the connection is. */
  encrypted?: true;
}

/** Without one, as the client takes it. */
const SCHEMES = new Set(['', 'nats://', 'tls://']);

export function serverAddress(url: string): ServerAddress {
  const { scheme, server, given } = parts(url);
  if (!SCHEMES.has(scheme)) throw new NotConnected(`${server} is no address of a NATS server`);
  return {
    server,
    ...(given !== undefined && { login: readLogin(given, server) }),
    ...(scheme === 'tls://' && { encrypted: true }),
  };
}

/** Also of an address whose login can't be read. */
export function withoutLogin(url: string): string {
  return parts(url).server;
}

function parts(url: string): { scheme: string; server: string; given: string | undefined } {
  const [, scheme = '', given, host = ''] = /^([^/@]*:\/\/)?(?:(.*)@)?(.*)$/.exec(url.trim()) ?? [];
  return { scheme: scheme.toLowerCase(), server: scheme + host, given };
}

function readLogin(given: string, server: string): Login {
  const colon = given.indexOf(':');
  try {
    if (colon < 0) return { token: decodeURIComponent(given) };
    return { user: decodeURIComponent(given.slice(0, colon)), pass: decodeURIComponent(given.slice(colon + 1)) };
  } catch {
    throw new Error(`the login for ${server}: user and password must be percent-encoded where they have a %`);
  }
}
