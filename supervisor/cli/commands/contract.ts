import manifest from '../../../package.json' with { type: 'json' };
import { asyncApi } from '../../../protocols/asyncapi.ts';
import { command, EXIT } from '../command.ts';

export const contract = command({
  forms: ['contract'],
  about:
    'Prints the wire contract as an AsyncAPI 3 document, generated from the schemas that commands are checked with.',
  options: {},
  async run() {
    process.stdout.write(`${JSON.stringify(asyncApi(manifest.version), null, 2)}\n`);
    return EXIT.done;
  },
});
