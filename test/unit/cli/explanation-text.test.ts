import { expect, test } from 'vitest';
import { explanationText } from '../../../supervisor/cli/views/explanation-text.ts';
import { explain } from '../../../supervisor/explain/explain.ts';
import { factsOf } from '../explain/wrong-figures.ts';
import {
  A,
  assignedBase,
  B,
  BASE,
  bothAccept,
  claimed,
  confirmed,
  declared,
  FRANCHISE,
  type Scenario,
  scenario,
  shop,
  told,
} from '../order/scenario.ts';

function textOf(order: Scenario, what: string): string[] {
  const explanation = explain(what, { facts: factsOf(order), ...order.archive, calls: [] });
  if (!explanation) throw new Error(`${what} is not explained`);
  return explanationText(explanation).split('\n');
}

test('a row between parties is headed by what it gives, not by a gross that it does not have', () => {
  const rules = [{ rule: 'all', percent: '0.15', currency: 'EUR', handlingFee: 250 }];
  const versions = [{ version: 'v1', validFrom: '2026-01-01T00:00:00Z', rules }];
  const order = scenario('A1001', { ruleBook: () => ({ versions }) }).given(
    ...[shop.place(BASE), ...bothAccept('A1001'), A.ready(), confirmed('A1001-c1'), confirmed('A1001-p1'), A.ship()],
    declared('R1', { '1': 1 }),
    claimed('R1', { '1': [1, 0] }, { store: 'store-c' }),
    told('store-terms', { store: 'store-c', terms: FRANCHISE }),
  );
  const headOf = (movement: string) => textOf(order, order.rows.find((row) => row.movement === movement)?.row ?? '')[0];
  expect(headOf('handling-fee')).toContain('handling-fee of line 1, 2.50 EUR, rule all of version v1');
  expect(headOf('settlement')).toContain('settlement of party, 72.83 EUR');
  expect(headOf('sale')).toMatch(/sale of (shipping, 4.90|line 1, 83.24) EUR/);
});

test('a step that no command made says what it heard, and when', () => {
  const order = assignedBase().given(A.ready(), confirmed('A1001-c1'), B.ready());
  const led = textOf(order, 'A1001-p1').find((line) => line.includes('the gateway main told'));
  expect(led).toMatch(/told that A1001-c1 is confirmed +2026-11-22T\d\d:\d\d:\d\d\.000Z$/);
});
