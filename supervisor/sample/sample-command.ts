/** A command as a terminal publishes it. The id depends on what is asked alone, so that sending the sample again changes nothing. */
import type { OrderCommands, ReturnCommands, StoreCommands } from '../../protocols/commands.ts';
import { commandSubject } from '../../protocols/subjects.ts';

export type SampleCommand = {
  subject: string;
  /** `Nats-Msg-Id`. */
  id: string;
  payload: object;
};

type Commands = { order: OrderCommands; store: StoreCommands; return: ReturnCommands };
type Address<Entity, Name> = { origin: string; entity: Entity; id: string; name: Name };

/** `key` tells commands of one name to one entity apart. */
export function sampleCommand<Entity extends keyof Commands, Name extends keyof Commands[Entity] & string>(
  to: Address<Entity, Name>,
  payload: Commands[Entity][Name] & object,
  key = '',
): SampleCommand {
  const id = ['sample', to.id, to.name, key].filter((part) => part !== '').join('.');
  return { subject: commandSubject(to), id, payload };
}
