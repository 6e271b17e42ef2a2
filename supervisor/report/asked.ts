/** What a question to the report may say, and the part of a statement that it becomes. */
import Type, { type Static, type TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { brokenRule } from '../../protocols/broken-rule.ts';
import { momentOf, NO_MOMENT } from '../../protocols/moment.ts';
import { BadQuery } from '../nats/service.ts';
import { quoted } from './columns.ts';

const Optional = Type.Optional;
export const Text = Type.String({ minLength: 1, maxLength: 256 });

/** Fields that must have the value asked for. */
const EQUAL = [
  'party',
  'channel',
  'order',
  'currency',
  'movement',
  'account',
  'method',
  'mode',
  'entry',
  'row',
] as const;
/** A store has a part in a row in any of these ways. */
const STORE_FIELDS = ['party', 'preparedBy', 'deliveredBy', 'takenBackBy', 'soldBy'] as const;

/** Half open; what is left out is as far as there are rows. */
export const PERIOD = { from: Optional(Text), to: Optional(Text) };

/** A period, and filters; what is left out narrows nothing. */
export const NARROWED = {
  ...PERIOD,
  store: Optional(Text),
  party: Optional(Text),
  channel: Optional(Text),
  order: Optional(Text),
  currency: Optional(Text),
  movement: Optional(Text),
  account: Optional(Text),
  method: Optional(Text),
  mode: Optional(Text),
  entry: Optional(Text),
  row: Optional(Text),
};

type Narrowed = Static<Type.TObject<typeof NARROWED>>;

export interface Condition {
  /** Follows WHERE. */
  sql: string;
  values: Readonly<Record<string, string>>;
}

export function narrowing(asked: { [Name in keyof Narrowed]?: Narrowed[Name] | undefined }): Condition {
  const parts: string[] = [];
  const values: Record<string, string> = {};
  const add = (name: string, value: string, sql: string): void => {
    parts.push(sql);
    values[name] = value;
  };
  if (asked.from !== undefined) add('from', moment('from', asked.from), '"at" >= $from::TIMESTAMP');
  if (asked.to !== undefined) add('to', moment('to', asked.to), '"at" < $to::TIMESTAMP');
  if (asked.from !== undefined && asked.to !== undefined && values.from && values.to && values.from >= values.to) {
    throw new BadQuery(`to: ${asked.to} is not after from, ${asked.from}`);
  }
  if (asked.store !== undefined) add('store', asked.store, `$store IN (${STORE_FIELDS.map(quoted).join(', ')})`);
  for (const field of EQUAL) {
    const value = asked[field];
    if (value !== undefined) add(field, value, `${quoted(field)} = $${field}`);
  }
  return { sql: parts.join(' AND ') || 'true', values };
}

/** RFC 3339 with milliseconds. */
function moment(field: string, text: string): string {
  const at = momentOf(text);
  if (at === undefined) throw new BadQuery(`${field}: ${text} is ${NO_MOMENT}`);
  return new Date(at).toISOString();
}

/** Throws `BadQuery` with the path of what is wrong. */
export function reader<Schema extends TSchema>(schema: Schema): (request: unknown) => Static<Schema> {
  const validator: Validator = Compile(schema);
  return (request = {}) => {
    if (validator.Check(request)) return request as Static<Schema>;
    const { path, rule } = brokenRule([...validator.Errors(request)]);
    throw new BadQuery(`${path.slice(1).replaceAll('/', '.') || 'the request'} ${rule}`);
  };
}
