import { EVENTS } from '../../../protocols/subjects.ts';
import { Archive } from '../../nats/archive.ts';
import { openConnection } from '../../nats/connection.ts';
import { reconcile as compare } from '../../reconcile/reconcile.ts';
import type { Scope } from '../../reconcile/reconciliation.ts';
import type { Result } from '../../reconcile/reconciliation-result.ts';
import { command, EXIT, UsageError } from '../command.ts';
import { PERIOD_OPTIONS, readPeriod } from '../period.ts';
import { print } from '../print.ts';
import { checkedId } from '../show-entity.ts';
import { natsUrl, TERMINAL_OPTIONS } from '../terminal-options.ts';
import { reconciliationText } from '../views/reconciliation-text.ts';

export const reconcile = command({
  forms: ['reconcile --file <file> [<file> …]'],
  variadic: true,
  about: `Compares settlement files of a provider with what the ledger booked, key by key: matched, amount or currency differs, missing
here or there, duplicate, chargeback. Nothing is adjusted. Exits 0 when all agrees, 1 when something differs or a row is broken.

A file is CSV with a head, one row a line: record, date, type, account, merchant_reference (the key of the ledger entry),
provider_reference, currency, gross, fee, net; amounts are decimals with the digits of their currency, gross is signed as the
merchant's balance sees it. tillwire contract --schema settlement says which columns of Stripe and Adyen they are made of.

A row without a merchant_reference is found by its provider_reference; so is what the provider took when the customer paid, by its
transaction, whatever its merchant_reference. Compared are the days, UTC, from the first row of the files to their last that the ledger
has too (no fee, chargeback or bank-transfer), unless --from and --to say another period: then rows outside of it are left out.

A chargeback, and what brings it back, is listed with the order and the entry that it disputes, whenever that was booked: by the key of
the capture, the provider's reference of it, or the order. One that is about nothing here is missing here.

What the ledger booked within an hour of an end of the period counts where that makes a sum agree. What it booked in the period, and
the file has nothing of, may be in the neighbouring file when it was near an end: it is listed as at-edge, and differs as long as
that file is not given too.`,
  options: {
    ...TERMINAL_OPTIONS,
    file: { type: 'string', value: '<file>', help: 'the settlement file, CSV' },
    account: { type: 'string', value: '<account>', help: 'only this gateway account' },
    'asked-only': {
      type: 'boolean',
      help: 'the files have nothing of what the provider took when the customer paid, as those of the simulator',
    },
    ...PERIOD_OPTIONS,
  },
  async run({ values, positionals }) {
    const { file, account } = values;
    if (file === undefined) throw new UsageError('--file says which settlement file');
    const scope: Scope = readPeriod(values);
    if (account !== undefined) scope.account = checkedId('gateway account', account);
    if (values['asked-only']) scope.askedOnly = true;
    const files = [file, ...positionals];
    const result = await withArchive(values, files, scope);
    print(result, values.json, () => reconciliationText(files.join(', '), result));
    return result.agrees ? EXIT.done : EXIT.failed;
  },
});

async function withArchive(values: { nats?: string }, files: readonly string[], scope: Scope): Promise<Result> {
  const connection = await openConnection({ servers: natsUrl(values), name: 'tillwire reconcile' });
  const archive = new Archive(connection, EVENTS);
  try {
    return await compare(files, scope, (subject, from) => archive.pages(subject, from));
  } finally {
    archive.close();
    await connection.drain();
  }
}
