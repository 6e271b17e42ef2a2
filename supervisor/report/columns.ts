/** The table of the report: a column for each field of a row, as the schema has them. */
import { ATTRIBUTION_ROW } from '../../protocols/attribution.ts';

type ColumnType = 'BIGINT' | 'TIMESTAMP' | 'VARCHAR';

export interface Column {
  name: string;
  type: ColumnType;
  required: boolean;
}

const required = new Set<string>(ATTRIBUTION_ROW.required);

export const COLUMNS: readonly Column[] = Object.entries(ATTRIBUTION_ROW.properties).map(([name, schema]) => ({
  name,
  type: typeOf(schema),
  required: required.has(name),
}));

/** Amounts are integers of 64 bits, in minor units; instants are UTC. */
function typeOf(schema: object): ColumnType {
  if ('type' in schema && schema.type === 'integer') return 'BIGINT';
  return 'format' in schema && schema.format === 'date-time' ? 'TIMESTAMP' : 'VARCHAR';
}

export const quoted = (name: string): string => `"${name}"`;

/** A refund that headquarters paid in another way than through a gateway (`settle-refund`). */
export const BY_HAND = `account IS NULL AND entry IS NOT NULL AND exchange IS NULL AND movement = 'refund' AND "gatewayReference" IS NOT NULL`;

/** As they are said in a row: instants in RFC 3339. */
export const SELECTED = COLUMNS.map(({ name, type }) =>
  type === 'TIMESTAMP' ? `strftime(${quoted(name)}, '%Y-%m-%dT%H:%M:%S.%gZ') AS ${quoted(name)}` : quoted(name),
).join(', ');
