/** Orders as older releases stored them, brought to the record of today: one pure step a version. */
import { GENERIC } from '../../capability/generic.ts';
import { type Entry, type OrderRecord, SCHEMA_VERSION, type Tender } from '../record.ts';
import { nameDeclared } from './name-declared.ts';
import { nameFulfilments } from './name-fulfilments.ts';

type Stored = Record<string, unknown> & { v: number };

/** Version 1 had one payment at most. */
interface FirstVersion extends Stored {
  placedAt: string;
  payment?: Pick<Tender, 'account' | 'method' | 'transaction' | 'authorised' | 'captureBefore' | 'settled'>;
  ledger: readonly Entry[];
}

/** Version 1 said no rows of the report: they are all said with the first step that follows. */
export function migrate(stored: Stored): OrderRecord {
  if (stored.v === 1) {
    const record = { ...withTenders(stored as FirstVersion), unreported: true } as unknown as OrderRecord;
    return nameDeclared(nameFulfilments(record));
  }
  if (stored.v !== SCHEMA_VERSION) throw new Error(`order record of version ${stored.v}`);
  return stored as unknown as OrderRecord;
}

function withTenders({ payment, placedAt, ledger, ...rest }: FirstVersion): Stored {
  if (!payment) return { ...rest, v: 2, placedAt, ledger, tenders: [] };
  const tender: Tender = { ...payment, authorisedAt: placedAt, initiator: 'customer', capability: GENERIC };
  return {
    ...rest,
    v: 2,
    placedAt,
    tenders: [tender],
    ledger: ledger.map((entry) => drawnOn(entry, payment.settled)),
  };
}

const OF_TENDERS: ReadonlySet<string> = new Set(['capture', 'void', 'refund']);

function drawnOn(entry: Entry, settled: boolean): Entry {
  if (!OF_TENDERS.has(entry.kind)) return entry;
  return entry.kind === 'capture' && settled ? { ...entry, tender: 0, prepayment: true } : { ...entry, tender: 0 };
}
