/**
 * What each origin may send and hear, as accounts of a nats-server (wire contract, section 2).
 *
 * P1 An origin has an account of its own. A server checks where a client publishes, not where it wants the reply: in one account
 *    with the nodes, a store that asks for an order with the reply subject `in.ops-hq.order.A1.cancel` would speak as ops.
 * P2 No origin creates a consumer: the server would deliver to any subject that it names. It reads the one that has its name.
 * P3 What an account imports has its name where the export wants it, and the server refuses another one's.
 */
import { RIGHTS } from '../../protocols/commands.ts';
import { commandSubject, EVENTS } from '../../protocols/subjects.ts';
import { type OriginKind, originKind } from '../../protocols/token.ts';

export interface Permissions {
  publish: string[];
  subscribe: string[];
}

/** The account that serves, and the user of nodes and tools in it: everything is theirs. */
const SERVING = 'tillwire';

/** The JetStream of the serving account, as a client of another one names it: `domain` of its options. */
const DOMAIN = `$JS.${SERVING}.API`;
const INFO = `CONSUMER.INFO.${EVENTS}`;
const NEXT = `CONSUMER.MSG.NEXT.${EVENTS}`;
const ACK = `$JS.ACK.${EVENTS}`;

const position = (token: number): string => `, account_token_position: ${token}`;

const EXPORTS = [
  `service: "in.*.*.*.*"${position(2)}`,
  'service: "query.>"',
  'service: "$SRV.>", response_type: stream',
  `stream: "out.*.>"${position(2)}`,
  'stream: "event.>"',
  `service: "$JS.API.${INFO}.*"${position(6)}`,
  `service: "$JS.API.${NEXT}.*", response_type: stream${position(7)}`,
  `service: "${ACK}.*.>"${position(4)}`,
];

export function permissionsOf(origin: string): Permissions {
  const kind = originKind(origin);
  return {
    publish: [
      ...(kind ? commandsOf(origin, kind) : []),
      'query.>',
      '$SRV.>',
      `${DOMAIN}.${INFO}.${origin}`,
      `${DOMAIN}.${NEXT}.${origin}`,
      `${ACK}.${origin}.>`,
    ],
    subscribe: ['_INBOX.>', `out.${origin}.>`, 'event.>'],
  };
}

/** A store counts its own stock only; whose an order or a return is, its actor knows. */
function commandsOf(origin: string, kind: OriginKind): string[] {
  return Object.entries(RIGHTS).flatMap(([entity, rights]) => {
    const id = kind === 'store' && entity === 'store' ? origin : '*';
    return Object.entries<OriginKind[]>(rights)
      .filter(([, kinds]) => kinds.includes(kind))
      .map(([name]) => commandSubject({ origin, entity, id, name }));
  });
}

/** Where the server finds the password: in its environment. */
export const passwordVariable = (user: string): string =>
  user === SERVING ? 'TILLWIRE_PASSWORD' : `TILLWIRE_${user.toUpperCase().replaceAll('-', '_')}`;

/** Part of a configuration of nats-server. */
export function serverAccounts(origins: readonly string[]): string {
  return [
    '# Passwords are of the environment of nats-server; one that reads as a number, or has other signs, stands in quotes there.',
    'accounts {',
    `  ${SERVING} {`,
    '    jetstream: enabled',
    `    users: [ { user: ${SERVING}, password: $${passwordVariable(SERVING)} } ]`,
    ...block('    exports', EXPORTS.map(braced)),
    '  }',
    ...origins.flatMap(accountOf),
    '}',
    '',
  ].join('\n');
}

function accountOf(origin: string): string[] {
  const { publish, subscribe } = permissionsOf(origin);
  return [
    `  "${origin}" {`,
    `    users: [ { user: "${origin}", password: $${passwordVariable(origin)}, permissions: {`,
    ...block('      publish', publish.map(quoted)),
    ...block('      subscribe', subscribe.map(quoted)),
    '    } } ]',
    ...block('    imports', importsOf(origin)),
    '  }',
  ];
}

function importsOf(origin: string): string[] {
  const from = (kind: string, subject: string): string => `${kind}: { account: ${SERVING}, subject: "${subject}" }`;
  const consumer = (call: string): string =>
    `${from('service', `$JS.API.${call}.${origin}`)}, to: "${DOMAIN}.${call}.${origin}"`;
  return [
    from('service', `in.${origin}.*.*.*`),
    from('service', 'query.>'),
    from('service', '$SRV.>'),
    from('stream', `out.${origin}.>`),
    from('stream', 'event.>'),
    consumer(INFO),
    consumer(NEXT),
    from('service', `${ACK}.${origin}.>`),
  ].map(braced);
}

const braced = (fields: string): string => `{ ${fields} }`;
const quoted = (subject: string): string => `"${subject}"`;

function block(head: string, lines: readonly string[]): string[] {
  const indent = ' '.repeat(head.length - head.trimStart().length);
  return [`${head}: [`, ...lines.map((line) => `${indent}  ${line}`), `${indent}]`];
}
