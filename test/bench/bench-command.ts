/** A command as the bench's terminals publish it: JSON, with an id that is new in each run. */
import type { OrderCommands, ReturnCommands, StoreCommands } from '../../protocols/commands.ts';
import { commandSubject } from '../../protocols/subjects.ts';

export interface BenchCommand {
  subject: string;
  /** `Nats-Msg-Id`. */
  id: string;
  payload: string;
}

type Commands = { order: OrderCommands; store: StoreCommands; return: ReturnCommands };

export function benchCommand<Entity extends keyof Commands, Name extends keyof Commands[Entity] & string>(
  to: { origin: string; entity: Entity; id: string; name: Name },
  payload: Commands[Entity][Name] & object,
): BenchCommand {
  return { subject: commandSubject(to), id: `${to.id}.${to.name}`, payload: JSON.stringify(payload) };
}
