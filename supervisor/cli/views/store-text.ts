import { decimalOf, formatMinor } from '../../../protocols/currency.ts';
import type { StockView, StoreView } from '../../../protocols/views.ts';
import { section } from '../../text/section.ts';
import { type Column, table } from '../../text/table.ts';

type Work = StoreView['fulfilments'][number];
type Debt = StoreView['debts'][number];
type StockCounts = { onHand: number; reserved: number; available: number };

const units = (lines: readonly { quantity: number }[]): number =>
  lines.reduce((sum, { quantity }) => sum + quantity, 0);

export function storeText(store: StoreView): string {
  const terms = store.ownership === 'franchise' ? `franchise, commission ${store.commission}` : 'company store';
  const scarce = store.stock.filter(({ available }) => available <= 0).length;
  return [
    `store ${store.store}: ${store.state}`,
    `${store.name}, ${terms}, revision ${store.revision}`,
    `${store.stock.length} skus, ${scarce} of them with nothing available`,
    ...section('open work', table(workColumns, store.fulfilments, '  ')),
    ...section('owes headquarters', debtLines(store)),
    ...section('stock', table([skuColumn, ...countColumns<StoreView['stock'][number]>()], store.stock, '  ')),
    '',
  ].join('\n');
}

/** Its next payouts pay them. */
function debtLines({ owes, debts, unlisted }: StoreView): string[] {
  const sums = Object.entries(owes).map(([currency, amount]) => formatMinor(amount, currency));
  const rest = Object.entries(unlisted).map(([currency, amount]) => `  ${formatMinor(amount, currency)} beyond these`);
  return sums.length === 0 ? [] : [`  ${sums.join(', ')}`, ...table(debtColumns, debts, '  '), ...rest];
}

export function stockText(stock: StockView): string {
  const { sku, onHand, reserved, available } = stock;
  return [
    `sku ${sku}: ${available} available (${onHand} on hand, ${reserved} reserved)`,
    ...section('stores', table([storeColumn, ...countColumns<StockView['stores'][number]>()], stock.stores, '  ')),
    '',
  ].join('\n');
}

const workColumns: Column<Work>[] = [
  { head: 'fulfilment', cell: ({ fulfilment }) => fulfilment },
  { head: 'order', cell: ({ order }) => order },
  { head: 'lines', align: 'right', cell: ({ lines }) => String(lines.length) },
  { head: 'units', align: 'right', cell: ({ lines }) => String(units(lines)) },
];

const debtColumns: Column<Debt>[] = [
  { head: 'order', cell: ({ order }) => order },
  { head: 'entry', cell: ({ entry }) => entry },
  { head: 'left', align: 'right', cell: ({ left, currency }) => decimalOf(left, currency) },
  { head: 'currency', cell: ({ currency }) => currency },
];

const skuColumn: Column<{ sku: string }> = { head: 'sku', cell: ({ sku }) => sku };
const storeColumn: Column<{ store: string; closed?: true }> = {
  head: 'store',
  cell: ({ store, closed }) => (closed ? `${store} (closed)` : store),
};

function countColumns<Row extends StockCounts>(): Column<Row>[] {
  return [
    { head: 'on hand', align: 'right', cell: ({ onHand }) => String(onHand) },
    { head: 'reserved', align: 'right', cell: ({ reserved }) => String(reserved) },
    { head: 'available', align: 'right', cell: ({ available }) => String(available) },
  ];
}
