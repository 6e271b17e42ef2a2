import { ORIGIN_KINDS, originKind } from '../../../protocols/token.ts';
import { passwordVariable, permissionsOf, serverAccounts } from '../../nats/permissions.ts';
import { command, EXIT, UsageError } from '../command.ts';
import { print } from '../print.ts';

export const permissions = command({
  forms: ['permissions <origin>…'],
  about: `Prints accounts for the configuration of nats-server: one for each origin, in which its user, of the same name, may send what
its kind may and hear what is for it, and one for the user tillwire of nodes and tools, who may do everything. The server takes
passwords from its environment: TILLWIRE_STORE_LYON is that of store-lyon, TILLWIRE_PASSWORD that of tillwire. Who was away reads
the pull consumer of its name on the stream EVENTS (domain tillwire), once ops have created it for out.<origin>.> and event.>.`,
  options: { json: { type: 'boolean', help: 'print JSON: what each origin may publish and subscribe to' } },
  variadic: true,
  async run({ values, positionals }) {
    const origins = checkedOrigins(positionals);
    const users = origins.map((user) => ({ user, passwordVariable: passwordVariable(user), ...permissionsOf(user) }));
    print({ users }, values.json, () => serverAccounts(origins));
    return EXIT.done;
  },
});

function checkedOrigins(origins: readonly string[]): readonly string[] {
  if (origins.length === 0) throw new UsageError('which origins? tillwire permissions <origin>…');
  const variables = new Map<string, string>();
  for (const origin of origins) {
    if (!originKind(origin)) {
      const rule = `<kind>-<name> is wanted, of letters, digits, _ and -, at most 64; kinds are ${ORIGIN_KINDS.join(', ')}`;
      throw new UsageError(`${JSON.stringify(origin)} is no origin: ${rule}`);
    }
    const variable = passwordVariable(origin);
    const other = variables.get(variable);
    if (other === origin) throw new UsageError(`origin ${origin} is given twice`);
    if (other) throw new UsageError(`origin ${origin} would have the password of ${other}: both are ${variable}`);
    variables.set(variable, origin);
  }
  return origins;
}
