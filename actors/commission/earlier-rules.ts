/** The rules before one, by what they match: who takes sales from it is found without asking each of them. */

export const FIELDS = ['store', 'category', 'mode', 'channel', 'currency'] as const;
type Field = (typeof FIELDS)[number];

type Choices = ReadonlySet<string>;
/** What may stand in each field. One that is not given allows everything, also what no rule names. */
export type Sales = Partial<Record<Field, Choices>>;

interface Matcher {
  readonly rule: string;
  readonly position: number;
  readonly sales: Sales;
}

/** Those that are given the same fields: by field and choice, in order. */
type Alike = ReadonlyMap<Field, Map<string, Matcher[]>>;

const NONE: readonly Matcher[] = [];

export class EarlierRules {
  private readonly alikes = new Map<string, Alike>();
  private count = 0;

  add(rule: string, sales: Sales): void {
    const matcher = { rule, position: this.count++, sales };
    for (const [field, named] of this.alike(sales)) {
      for (const choice of sales[field] ?? []) {
        const known = named.get(choice);
        if (known) known.push(matcher);
        else named.set(choice, [matcher]);
      }
    }
  }

  /** The first that matches all of them. */
  firstOfAll(sales: Sales): string | undefined {
    let first: Matcher | undefined;
    for (const alike of this.touching(sales)) {
      const found = fewest(alike, sales).find((matcher) => includesAll(matcher.sales, sales));
      if (found && (!first || found.position < first.position)) first = found;
    }
    return first?.rule;
  }

  /** Does one that matches some of them not match others, by what stands in that field? */
  parts(sales: Sales, field: Field): boolean {
    const choices = sales[field];
    // Who matches some of one matches all of it.
    if (!choices || choices.size === 1) return false;
    const isPart = ({ sales: theirs }: Matcher) => !includes(theirs[field], choices) && touches(theirs, sales);
    return this.touching(sales).some((alike) => alike.has(field) && someOf(alike, sales).some((of) => of.some(isPart)));
  }

  /** One of them, of the choices that the fewest match. */
  rarest(sales: Sales): Sales {
    const touching = this.touching(sales);
    const rarest: Sales = {};
    for (const field of FIELDS) {
      let least = Number.POSITIVE_INFINITY;
      for (const choice of sales[field] ?? []) {
        const count = touching.reduce((sum, alike) => sum + (alike.get(field)?.get(choice)?.length ?? 0), 0);
        if (count < least) rarest[field] = new Set([choice]);
        least = Math.min(least, count);
      }
    }
    return rarest;
  }

  /** Of a field that `sales` doesn't give, only what no rule names is looked at: who matches that matches all of it, and is not given it. */
  private touching(sales: Sales): Alike[] {
    return [...this.alikes.values()].filter((alike) => [...alike.keys()].every((field) => sales[field]));
  }

  private alike(sales: Sales): Alike {
    const fields = FIELDS.filter((field) => sales[field]);
    const known = this.alikes.get(fields.join());
    if (known) return known;
    const fresh: Alike = new Map(fields.map((field) => [field, new Map()]));
    this.alikes.set(fields.join(), fresh);
    return fresh;
  }
}

/** Who matches all names every choice: of these the one that the fewest name. */
function fewest(alike: Alike, sales: Sales): readonly Matcher[] {
  let least: readonly Matcher[] | undefined;
  for (const [field, named] of alike) {
    for (const choice of sales[field] ?? []) {
      const found = named.get(choice) ?? NONE;
      if (!least || found.length < least.length) least = found;
    }
  }
  return least ?? NONE;
}

/** Who matches some names a choice in every field: of these the field that the fewest name. */
function someOf(alike: Alike, sales: Sales): readonly (readonly Matcher[])[] {
  let least = { lists: [NONE], count: Number.POSITIVE_INFINITY };
  for (const [field, named] of alike) {
    const lists = [...(sales[field] ?? [])].map((choice) => named.get(choice) ?? NONE);
    const count = lists.reduce((sum, { length }) => sum + length, 0);
    if (count < least.count) least = { lists, count };
  }
  return least.lists;
}

/** Do both match a sale? */
function touches(wide: Sales, narrow: Sales): boolean {
  for (const field of FIELDS) {
    const [ours, theirs] = [wide[field], narrow[field]];
    if (ours && (!theirs || !shares(ours, theirs))) return false;
  }
  return true;
}

function shares(some: Choices, others: Choices): boolean {
  for (const choice of others) if (some.has(choice)) return true;
  return false;
}

function includesAll(wide: Sales, narrow: Sales): boolean {
  for (const field of FIELDS) if (!includes(wide[field], narrow[field])) return false;
  return true;
}

function includes(wide: Choices | undefined, narrow: Choices | undefined): boolean {
  if (!wide) return true;
  if (!narrow || narrow.size > wide.size) return false;
  for (const choice of narrow) if (!wide.has(choice)) return false;
  return true;
}
