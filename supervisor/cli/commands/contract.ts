import manifest from '../../../package.json' with { type: 'json' };
import { asyncApi } from '../../../protocols/asyncapi.ts';
import { ATTRIBUTION_ROW } from '../../../protocols/attribution.ts';
import { SETTLEMENT_ROW } from '../../../protocols/settlement.ts';
import { ASKED_QUERIES } from '../../node/query-contract.ts';
import { command, EXIT, UsageError } from '../command.ts';

const $schema = 'https://json-schema.org/draft/2020-12/schema';

const SCHEMAS: Record<string, object> = {
  attribution: { $schema, title: 'attribution row', ...ATTRIBUTION_ROW },
  settlement: { $schema, title: 'row of a settlement file', ...SETTLEMENT_ROW },
};

export const contract = command({
  forms: ['contract', 'contract --schema <name>'],
  about: `Prints the wire contract as an AsyncAPI 3 document, generated from the schemas that commands are checked with.
With --schema: the JSON Schema of one row of the report to the ERP, as event.attribution.<order>.booked carries it, or of one
row of a settlement file, with the columns of Stripe and Adyen that it is made of.`,
  options: {
    schema: { type: 'string', value: '<name>', help: 'the JSON Schema of one record: attribution, settlement' },
  },
  async run({ values: { schema } }) {
    const document = schema === undefined ? asyncApi(manifest.version, ASKED_QUERIES) : SCHEMAS[schema];
    if (!document) throw new UsageError(`--schema: there is ${Object.keys(SCHEMAS).join(', ')}, not ${schema}`);
    process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
    return EXIT.done;
  },
});
