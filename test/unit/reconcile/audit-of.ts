/** What the audit of an account finds of an order, if the gateway moves what was asked of it and was confirmed, and nothing else. */
import { bookedMovement } from '../../../supervisor/reconcile/booked-movement.ts';
import { type EntryDifference, LedgerAudit } from '../../../supervisor/reconcile/ledger-audit.ts';
import { movedAmount } from '../../../supervisor/reconcile/moved-amount.ts';
import type { Scenario } from '../order/scenario.ts';

export function auditOf({ requests, rows, view }: Pick<Scenario, 'requests' | 'rows' | 'view'>): EntryDifference[] {
  const audit = new LedgerAudit(0);
  const asked = new Map(requests.map((request) => [request.key, request]));
  for (const { key, kind, order, currency, amount } of asked.values()) {
    const isMoved = view.ledger.some(({ entry, state }) => entry === key && state === 'confirmed');
    const moved = isMoved ? movedAmount({ kind, amount }) : 0;
    if (moved !== 0) audit.add('gateway', { key, order, currency, amount: moved });
  }
  for (const row of rows) {
    const moved = bookedMovement(row);
    if (moved && !moved.isUnasked) audit.add('ledger', moved);
  }
  return audit.news(0, 100);
}
