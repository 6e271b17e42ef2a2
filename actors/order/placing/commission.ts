/**
 * By which rule a store's share is reckoned. The version of the rules is frozen when the order is placed; the rule that matches is
 * frozen, with its content, when a store reserves: only then it is known who prepares what. Company stores freeze theirs too,
 * though what they sell is headquarters' all the same.
 */
import type { Commission, FrozenRule, RuleVersion } from '../../../protocols/commission.ts';
import { firstMatch, frozen, givesFee, saleOf, versionAt } from '../../commission/rule-book.ts';
import { lineOf } from '../fulfilment/fulfilment-line.ts';
import { at, type Fulfilment, type OrderPolicy, type OrderRecord } from '../record.ts';

/** The version that was valid when the customer placed the order; a channel's clock that runs ahead changes nothing. */
export function versionAtPlacement(placedAt: string, now: number, { ruleBook }: OrderPolicy): string | undefined {
  return ruleBook && versionAt(ruleBook(), Math.min(Date.parse(placedAt), now))?.version;
}

interface FrozenRules {
  /** By index of the fulfilment's lines. */
  lines: (FrozenRule | undefined)[];
  /** The rule of shipping, where it gives the fee to the store. */
  shipping?: FrozenRule;
}

export function frozenRules(record: OrderRecord, { store, lines }: Fulfilment, policy: OrderPolicy): FrozenRules {
  const rules = versionOf(record, policy);
  if (!rules) return { lines: [] };
  const shipping = firstMatch(rules, saleOf(record, { preparedBy: store }));
  return {
    lines: lines.map(({ line }) => {
      const { category } = at(record.items, line);
      const rule = firstMatch(rules, saleOf(record, { preparedBy: store, category }));
      return rule && frozen(rules.version, rule);
    }),
    ...(shipping && givesFee(shipping) ? { shipping: frozen(rules.version, shipping) } : {}),
  };
}

/** By which rule a store is paid for taking back what another one prepared: the sale is the same, the store is not. */
export function handlingRule(
  record: OrderRecord,
  taker: string,
  { store }: Fulfilment,
  line: number,
  policy: OrderPolicy,
): FrozenRule | undefined {
  const rules = versionOf(record, policy);
  if (!rules) return undefined;
  const { category } = at(record.items, line);
  const rule = firstMatch(rules, saleOf(record, { preparedBy: store, store: taker, category }));
  return rule && frozen(rules.version, rule);
}

function versionOf(record: OrderRecord, { ruleBook }: OrderPolicy): RuleVersion | undefined {
  if (record.rules === undefined) return undefined;
  const found = ruleBook?.().versions.find(({ version }) => version === record.rules);
  if (!found)
    throw new Error(`${record.id} is under version ${record.rules} of the commission rules, which is not known here`);
  return found;
}

/** What of a line is reckoned together: all that one store holds of it under one rule. */
export interface LineRule {
  readonly key: string;
  readonly commission: Commission;
}

export function lineRule(fulfilment: Fulfilment, line: number): LineRule {
  const rule = lineOf(fulfilment, line)?.rule;
  if (rule) return { key: `${line} rule ${rule.rule}`, commission: rule };
  const percent = fulfilment.terms?.commission ?? '0';
  return { key: `${line} ${percent}`, commission: { percent } };
}
