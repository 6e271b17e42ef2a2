/** `nats://user:password@host:port`, or `nats://token@host:port`: the client reads no login out of an address. */

/** No connection was made; says to which address, and why. */
export class NotConnected extends Error {}

export type Login = { user: string; pass: string } | { token: string };

export interface ServerAddress {
  /** Without the login: to be shown. */
  server: string;
  login?: Login;
}

export function serverAddress(url: string): ServerAddress {
  const { server, given } = withoutLogin(url);
  return given === undefined ? { server } : { server, login: readLogin(given, server) };
}

/** Also of an address whose login can't be read. */
export function withoutLogin(url: string): { server: string; given: string | undefined } {
  const [, scheme = '', given, host = ''] = /^(\w+:\/\/)?(?:(.*)@)?(.*)$/.exec(url) ?? [];
  return { server: scheme + host, given };
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
