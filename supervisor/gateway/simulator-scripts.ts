/** How the next calls behave: the oldest script that fits is used up by one. */

import type { GatewayKind } from '../../protocols/gateway.ts';
import type { Script } from './simulator-entry.ts';

export class SimulatorScripts {
  private readonly waiting: { script: Script; left: number }[] = [];

  add(script: Script): void {
    this.waiting.push({ script, left: script.times ?? 1 });
  }

  take(kind: GatewayKind, order: string): Script | undefined {
    const index = this.waiting.findIndex(
      ({ script }) => script.kind === kind && (script.order === undefined || script.order === order),
    );
    const found = this.waiting[index];
    if (!found) return undefined;
    found.left -= 1;
    if (found.left === 0) this.waiting.splice(index, 1);
    return found.script;
  }
}
