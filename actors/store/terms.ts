/** `open` and `close`: whether a store takes orders, and on which terms. */
import type { Message } from '../../protocols/actor.ts';
import type { StoreCommands } from '../../protocols/commands.ts';
import { parseRate } from '../../protocols/rate.ts';
import { originKind } from '../../protocols/token.ts';
import { refuse, type Verdict } from '../chart.ts';
import { termsEvent } from './announce.ts';
import { NOTHING } from './holdings.ts';
import { type EarlierTerms, nextRevision, SCHEMA_VERSION, type StoreRecord, type Terms } from './record.ts';

type OpenPayload = StoreCommands['open'];

/** Changes of commission that a store remembers. */
const MAX_EARLIER = 50;

/** Opens, opens again, or gives an open store new terms: what is left out takes its default, not what it was before. */
export function open(record: StoreRecord | undefined, message: Message<OpenPayload>): Verdict<StoreRecord> {
  if (originKind(message.id) !== 'store') {
    return refuse('invalid-id', `${message.id} is no store origin: a store speaks as store-<name>`);
  }
  const broken = brokenRule(message.payload);
  if (broken) return refuse('invalid-payload', broken);
  const known = record ?? {
    v: SCHEMA_VERSION,
    id: message.id,
    revision: 0,
    handled: [],
    holdings: NOTHING,
  };
  const terms = termsFrom(message.payload);
  const earlier = record ? earlierTerms(record, terms, message.at) : [];
  return announced({ ...known, open: true, terms, ...(earlier.length > 0 ? { earlier } : {}) });
}

/** No new reservations; what is open goes on. */
export function close(record: StoreRecord): Verdict<StoreRecord> {
  return announced({ ...record, open: false });
}

function announced(record: StoreRecord): Verdict<StoreRecord> {
  return { record, effects: [termsEvent(record, nextRevision(record))] };
}

/** A franchise is paid its share, so it needs an account and a rate that leaves it one. */
function brokenRule({ ownership, payoutAccount, commission }: OpenPayload): string | undefined {
  if (ownership === 'company') return undefined;
  if (payoutAccount === undefined) return 'payoutAccount: a franchise must have one';
  if (commission === undefined) return 'commission: a franchise must have one';
  const rate = parseRate(commission);
  if (!rate || rate.numerator > rate.denominator) return 'commission: must be at most 1';
  return undefined;
}

/** Orders that were placed before now and are not reserved yet will ask for them. */
function earlierTerms({ terms: was, earlier = [] }: StoreRecord, is: Terms, now: number): readonly EarlierTerms[] {
  const { ownership, commission } = was;
  if (ownership === is.ownership && commission === is.commission) return earlier;
  const ended: EarlierTerms = { until: new Date(now).toISOString(), ownership, commission, ...howPaid(was) };
  return [...earlier.slice(1 - MAX_EARLIER), ended];
}

type HowPaid = Pick<Terms, 'payoutAccount' | 'payoutWhen'>;

export function howPaid({ payoutAccount, payoutWhen }: HowPaid): HowPaid {
  return {
    ...(payoutAccount === undefined ? {} : { payoutAccount }),
    ...(payoutWhen === undefined ? {} : { payoutWhen }),
  };
}

function termsFrom(payload: OpenPayload): Terms {
  const { name, ownership, country, latitude, longitude, commission, priority, autoAccept } = payload;
  return {
    name,
    ownership,
    country,
    ...(latitude === undefined ? {} : { latitude }),
    ...(longitude === undefined ? {} : { longitude }),
    ...(ownership === 'franchise' ? howPaid(payload) : {}),
    commission: ownership === 'franchise' && commission !== undefined ? commission : '0',
    priority: priority ?? 0,
    autoAccept: autoAccept ?? false,
  };
}
