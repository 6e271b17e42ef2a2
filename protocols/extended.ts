/**
 * A copy with more fields. `{ ...one, more }` says the same, but gives every single object a hidden class of its own where `more` is new
 * (V8 11, Node 20): making it, and whatever reads it later, is many times slower.
 */
export const extended = <One extends object, More extends object>(one: One, more: More): One & More =>
  Object.assign({}, one, more);
