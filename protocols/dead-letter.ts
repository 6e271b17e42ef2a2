/** What `dead.<entity>.<id>.<command>` says beside the original bytes: headers, as the bytes may be anything. */
import Type, { type Static } from 'typebox';

export const MAX_DEAD_HEADER = 1024;

const Header = (description: string) => Type.String({ maxLength: MAX_DEAD_HEADER, description });

export const DEAD_HEADERS = Type.Object({
  'Tillwire-Error': Header('why it could not be read, or what its handling threw'),
  'Tillwire-Subject': Header('of the log that it was read from'),
  'Tillwire-Sequence': Type.String({ pattern: '^[0-9]+$', description: 'in that log' }),
  'Tillwire-Command': Type.Optional(Header('Nats-Msg-Id of the command; none where it was no command')),
  'Content-Type': Type.Optional(Header('of the original bytes, as its sender said')),
  traceparent: Type.Optional(Header('of the original')),
});

export type DeadHeaders = Static<typeof DEAD_HEADERS>;
