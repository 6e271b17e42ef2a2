/** The first rule of a schema that something breaks, in words. */
import { INSTANT_PATTERN, NO_INSTANT } from './instant.ts';
import { STORE_PATTERN } from './token.ts';

interface SchemaError {
  keyword: string;
  instancePath: string;
  message: string;
  params: unknown;
}

/** `path` is a JSON pointer: to what breaks the rule, or to where a field is missing. */
export function brokenRule(errors: readonly SchemaError[]): { path: string; rule: string } {
  const first = errors.find(({ keyword }) => keyword !== 'const') ?? errors[0];
  if (!first) return { path: '', rule: 'does not match the schema' };
  if (first.keyword === 'required') {
    const [missing] = (first.params as { requiredProperties: string[] }).requiredProperties;
    return { path: `${first.instancePath}/${missing}`, rule: 'is required' };
  }
  return { path: first.instancePath, rule: ruleOf(first, errors) };
}

function ruleOf({ keyword, instancePath, message, params }: SchemaError, errors: readonly SchemaError[]): string {
  if (keyword === 'boolean') return 'is no field that is known';
  const { format, pattern } = params as { format?: unknown; pattern?: unknown };
  if (format === 'date-time' || pattern === INSTANT_PATTERN) return NO_INSTANT;
  if (pattern === STORE_PATTERN) return 'must be a store: store-<name>, a token of at most 64 characters';
  const allowed =
    keyword === 'enum'
      ? (params as { allowedValues: unknown[] }).allowedValues
      : errors
          .filter((error) => error.keyword === 'const' && error.instancePath === instancePath)
          .map((error) => (error.params as { allowedValue: unknown }).allowedValue);
  return allowed.length > 0 ? `must be one of ${allowed.map((value) => JSON.stringify(value)).join(', ')}` : message;
}
