/**
 * A payment gateway account, as far as commands speak of it: what its methods can do, and scripts for the provider behind it. Hears
 * both from ops in every state, and what its audit finds. Its record is what every node follows to know the methods of today.
 */
import { setup } from 'xstate';
import type { Message } from '../../protocols/actor.ts';
import { CAPABILITY } from '../../protocols/capability.ts';
import { decode } from '../../protocols/codec.ts';
import { COMMAND_SCHEMAS, type GatewayCommands } from '../../protocols/commands.ts';
import type { LedgerDifference } from '../../protocols/internal.ts';
import { accountMethods, type Overrides } from '../capability/account-methods.ts';
import { capabilityProblems } from '../capability/check-capability.ts';
import type { ProviderName } from '../capability/shipped.ts';
import { type ChartRecord, chartActor, hears, refuse, type Stored, type Verdict } from '../chart.ts';

const SCHEMA_VERSION = 1;
/** Methods that an account is told of. */
const MAX_METHODS = 500;

interface AccountRecord extends ChartRecord {
  /** The last word on each method; none on an account that was only scripted. */
  readonly methods?: Overrides;
}

/** What an account is configured as. */
export interface AccountTerms {
  provider: ProviderName;
  methods: Overrides;
}

const HEARD = hears('script', 'capabilities', 'ledger-differs', 'ledger-agrees');

const machine = setup({
  types: { context: {} as { record: ChartRecord | undefined }, events: {} as { type: string } },
}).createMachine({
  id: 'gateway',
  initial: 'absent',
  context: { record: undefined },
  states: {
    absent: {
      always: { guard: ({ context }) => context.record !== undefined, target: 'known' },
      on: HEARD,
    },
    known: { on: HEARD },
  },
});

type Judgement<Payload> = (
  record: AccountRecord,
  message: Message<Payload>,
  terms: AccountTerms,
) => Verdict<AccountRecord>;

/** `accounts`: those that are configured. */
export function createGatewayAccount(accounts: ReadonlyMap<string, AccountTerms>) {
  const known =
    <Payload>(judge: Judgement<Payload>) =>
    (record: AccountRecord | undefined, message: Message<Payload>): Verdict<AccountRecord> => {
      const { id } = message;
      const terms = accounts.get(id);
      if (!terms) return refuse('unknown-gateway-account', `the account ${id} is not configured`);
      return judge(record ?? { v: SCHEMA_VERSION, id, revision: 0, handled: [] }, message, terms);
    };
  return chartActor<AccountRecord>({
    entity: 'gateway',
    machine,
    judges: {
      script: known(script),
      capabilities: known(replaceCapabilities),
      'ledger-differs': known(audited),
      'ledger-agrees': known(audited),
    },
    unknown: 'unknown-gateway-account',
    remembersCommands: false,
    stateEvents: {},
    join: ({ state: _, ...stored }: Stored) => stored as unknown as AccountRecord,
  });
}

/** What an account's stored record says of its methods. */
export function storedOverrides(bytes: Uint8Array): Overrides {
  return (decode(bytes, 'msgpack') as Pick<AccountRecord, 'methods'>).methods ?? {};
}

function script(record: AccountRecord, { id, payload }: Message<GatewayCommands['script']>): Verdict<AccountRecord> {
  const said = knownFields(payload, OF_SCRIPT);
  return {
    record,
    effects: [
      { effect: 'gateway-control', account: id, control: 'script', payload: said },
      { effect: 'event', name: 'scripted', payload: { ...said } },
    ],
  };
}

/** Takes the place of what was said of the method before; orders that are placed keep what they froze. */
function replaceCapabilities(
  record: AccountRecord,
  { payload }: Message<GatewayCommands['capabilities']>,
  { provider, methods: configured }: AccountTerms,
): Verdict<AccountRecord> {
  const { method, ...said } = payload;
  const override = knownFields(said, OF_CAPABILITY);
  const capability = accountMethods(provider, configured, { [method]: override }).get(method);
  if (!capability) throw new Error(`${method} got no record`);
  const [problem] = capabilityProblems(capability);
  if (problem) return refuse('invalid-payload', problem);
  const methods = { ...record.methods, [method]: override };
  if (Object.keys(methods).length > MAX_METHODS)
    return refuse('invalid-payload', `method: an account is told of ${MAX_METHODS} methods at most`);
  return {
    record: { ...record, methods },
    effects: [{ effect: 'event', name: 'capabilities-replaced', payload: { method, ...capability } }],
  };
}

/** Money that one order's ledger does not know, or knows wrongly, is the affair of whoever watches the account. */
function audited(record: AccountRecord, { name, payload }: Message<LedgerDifference>): Verdict<AccountRecord> {
  return { record, effects: [{ effect: 'event', name, payload: { ...payload } }] };
}

const OF_CAPABILITY: ReadonlySet<string> = new Set(Object.keys(CAPABILITY.properties));
const OF_SCRIPT: ReadonlySet<string> = new Set(Object.keys(COMMAND_SCHEMAS.gateway.script.properties));

/** Commands may have fields that nobody knows, and that no event could say: MessagePack has integers that JSON has not. */
function knownFields<Said extends object>(said: Said, known: ReadonlySet<string>): Said {
  return Object.fromEntries(Object.entries(said).filter(([field]) => known.has(field))) as Said;
}
