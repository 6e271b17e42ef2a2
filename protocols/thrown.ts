/** What was thrown: nearly always an error, but anything can be. */
export const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));

export const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));
