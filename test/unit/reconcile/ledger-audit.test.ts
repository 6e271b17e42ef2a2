import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LedgerAudit, type Moved } from '../../../supervisor/reconcile/ledger-audit.ts';

const GRACE_MS = 1000;
const MOST = 100;

const moved = (amount: number, key = 'A1-c1'): Moved => ({ key, order: 'A1', currency: 'EUR', amount });
const difference = (beyond: number) => ({ order: 'A1', entry: 'A1-c1', currency: 'EUR', beyond });

/** Tells what there is to tell, for certain. */
function told(audit: LedgerAudit, now: number) {
  const news = audit.news(now, MOST);
  for (const of of news) audit.wasTold(of);
  return news;
}

describe('an entry', () => {
  test('that agrees is not kept, whichever side came first', () => {
    const audit = new LedgerAudit(GRACE_MS);
    audit.add('gateway', moved(8814));
    audit.add('ledger', moved(8324));
    expect(audit.size).toBe(1);
    audit.add('ledger', moved(490));
    expect(audit.size).toBe(0);
    expect(audit.news(10 * GRACE_MS, MOST)).toEqual([]);
  });

  test('is told when it has differed for the grace, once', () => {
    const audit = new LedgerAudit(GRACE_MS);
    audit.add('gateway', moved(8814));
    expect(told(audit, 0)).toEqual([]);
    expect(told(audit, GRACE_MS - 1)).toEqual([]);
    expect(told(audit, GRACE_MS)).toEqual([{ name: 'ledger-differs', ...difference(8814) }]);
    expect(told(audit, 2 * GRACE_MS)).toEqual([]);
  });

  test('is told again with other figures, and when it agrees', () => {
    const audit = new LedgerAudit(GRACE_MS);
    audit.add('gateway', moved(8814));
    told(audit, 0);
    told(audit, GRACE_MS);
    audit.add('ledger', moved(8324));
    expect(told(audit, GRACE_MS + 1)).toEqual([{ name: 'ledger-differs', ...difference(490) }]);
    audit.add('ledger', moved(490));
    expect(told(audit, GRACE_MS + 2)).toEqual([{ name: 'ledger-agrees', ...difference(0) }]);
    expect(audit.size).toBe(0);
  });

  test('that could not be told of is told at the next look', () => {
    const audit = new LedgerAudit(GRACE_MS);
    audit.add('ledger', moved(100));
    audit.news(0, MOST);
    expect(audit.news(GRACE_MS, MOST)).toHaveLength(1);
    expect(audit.news(GRACE_MS + 1, MOST)).toEqual([{ name: 'ledger-differs', ...difference(-100) }]);
  });

  test('is one of many that are told a few at a time', () => {
    const audit = new LedgerAudit(0);
    for (let n = 0; n < 5; n++) audit.add('gateway', moved(1, `A${n}-c1`));
    const few = audit.news(0, 2);
    for (const of of few) audit.wasTold(of);
    expect([few.length, audit.news(0, MOST).length]).toEqual([2, 3]);
  });
});

test('whatever both sides say in whatever order, what is told last is what differs at the end', () => {
  const side = fc.constantFrom<'gateway' | 'ledger'>('gateway', 'ledger');
  const step = fc.record({
    side,
    key: fc.constantFrom('A1-c1', 'A1-c2', 'A1-r1'),
    amount: fc.integer({ min: -3, max: 3 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const audit = new LedgerAudit(GRACE_MS);
      const beyond = new Map<string, number>();
      const last = new Map<string, number>();
      const hear = (now: number): void => {
        for (const { entry, beyond: of, name } of told(audit, now)) {
          expect(name).toBe(of === 0 ? 'ledger-agrees' : 'ledger-differs');
          last.set(entry, of);
        }
      };
      steps.forEach(({ side: of, key, amount }, index) => {
        audit.add(of, moved(amount, key));
        beyond.set(key, (beyond.get(key) ?? 0) + (of === 'gateway' ? amount : -amount));
        hear(index * 300);
      });
      for (const look of [0, GRACE_MS]) hear(steps.length * 300 + look);
      const standing = (of: Map<string, number>) => new Map([...of].filter(([, amount]) => amount !== 0));
      expect(standing(last)).toEqual(standing(beyond));
    }),
  );
});
