import type { Refusal } from '../../../protocols/actor.ts';
import { readCommand } from '../../../protocols/read-command.ts';
import type { SampleCommand } from '../../../supervisor/sample/sample-command.ts';

/** What the contract says against a command: size, tokens, rights and schema. Undefined where it says nothing. */
export function refusalOf({ subject, id, payload }: SampleCommand): Refusal | undefined {
  const [prefix, origin = '', entity = '', entityId = '', name = '', ...rest] = subject.split('.');
  if (prefix !== 'in' || rest.length > 0) return { code: 'bad-subject', reason: subject };
  const read = readCommand({
    address: { origin, entity, id: entityId, name },
    bytes: Buffer.from(JSON.stringify(payload)),
    messageId: id,
    contentType: undefined,
    sequence: 1,
  });
  return read.kind === 'refused' ? read.refusal : undefined;
}
