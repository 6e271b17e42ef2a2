/** What stores say, heard in the order it is stored, keeps a view of them that is what their records say. */
import { announcements } from '../../actors/store/announce.ts';
import type { StoreRecord } from '../../actors/store/record.ts';
import type { Heard } from './heard.ts';

interface View {
  revision: number;
  open?: boolean;
  /** onHand, reserved by sku. */
  levels: Map<string, string>;
}

export class StoreViews {
  private readonly views = new Map<string, View>();

  /** As whoever listens: what is older than what is known says nothing, so none may be. */
  heard({ origin, entity, id, name, payload }: Heard): string[] {
    if (origin !== undefined || entity !== 'store' || !('revision' in payload)) return [];
    const { revision, items = [], open } = payload as unknown as StoreSays;
    const view: View = this.views.get(id) ?? { revision: 0, levels: new Map() };
    this.views.set(id, view);
    if (revision <= view.revision) return [`${name} of revision ${revision} is told after ${view.revision}`];
    view.revision = revision;
    if (open !== undefined) view.open = open;
    for (const { sku, onHand, reserved } of items) view.levels.set(sku, `${onHand}, ${reserved}`);
    return [];
  }

  atRest(stores: readonly StoreRecord[]): string[] {
    const found: string[] = [];
    for (const record of stores) {
      const { terms, stock } = announcements(record);
      const view = this.views.get(record.id);
      if (view?.open !== terms.open) found.push(`${record.id} is told as open ${view?.open}, and is ${terms.open}`);
      for (const { sku, onHand, reserved } of stock.items) {
        const told = view?.levels.get(sku);
        if (told !== `${onHand}, ${reserved}`)
          found.push(`${record.id} ${sku} is told as ${told}, not ${onHand}, ${reserved}`);
      }
    }
    return found;
  }
}

interface StoreSays {
  revision: number;
  open?: boolean;
  items?: { sku: string; onHand: number; reserved: number }[];
}
