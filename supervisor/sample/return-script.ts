/** The commands of one return, in the order in which they are sent: each waits for the outcome of the one before. */
import { draw } from './draw.ts';
import type { Journey } from './journey.ts';
import type { PlannedReturn } from './plan-returns.ts';
import { type SampleCommand, sampleCommand } from './sample-command.ts';

const REJECTED_SHARE = 0.2;

type ReturnedLine = PlannedReturn['lines'][number];
type Inspected = { line: string; accepted: number; rejected: number; restock: number };

/** `held`: units that the customer has in hand, by line; nobody sends back what never came. */
export function returnScript(
  journey: Journey,
  planned: PlannedReturn,
  held: Readonly<Record<string, number>>,
): SampleCommand[] {
  const lines = planned.lines
    .map((units) => ({ ...units, quantity: Math.min(units.quantity, held[units.line] ?? 0) }))
    .filter(({ quantity }) => quantity > 0);
  if (lines.length === 0) return [];
  const requester = planned.by === 'mail' ? journey.placed.channel : planned.desk;
  const to = (origin: string) => ({ origin, entity: 'return', id: planned.id }) as const;
  return [
    sampleCommand({ ...to(requester), name: 'request' }, { order: planned.order, lines, by: planned.by }),
    sampleCommand(
      { ...to(planned.desk), name: 'receive' },
      { lines: lines.map(({ line, quantity }) => ({ line, quantity })) },
    ),
    ...inspections(planned, lines).map((part, index, parts) => {
      const refundShipping = planned.refundShipping && index === parts.length - 1;
      return sampleCommand(
        { ...to(planned.desk), name: 'inspect' },
        { lines: part, refundShipping },
        String(index + 1),
      );
    }),
  ];
}

/** In two parts where there is something to divide: half of the lines first, or half of the units of a single line. */
function inspections(planned: PlannedReturn, lines: readonly ReturnedLine[]): Inspected[][] {
  return halves(lines).map((part) => part.map((units) => inspect(planned, units)));
}

function halves(lines: readonly ReturnedLine[]): ReturnedLine[][] {
  const [only] = lines;
  if (only === undefined) return [];
  if (lines.length > 1) {
    const middle = Math.ceil(lines.length / 2);
    return [lines.slice(0, middle), lines.slice(middle)];
  }
  if (only.quantity === 1) return [[only]];
  const first = Math.ceil(only.quantity / 2);
  return [[{ ...only, quantity: first }], [{ ...only, quantity: only.quantity - first }]];
}

function inspect(planned: PlannedReturn, { line, quantity, reason }: ReturnedLine): Inspected {
  const rejected = draw(`reject ${planned.id} ${line}`) < REJECTED_SHARE ? Math.ceil(quantity / 4) : 0;
  const accepted = quantity - rejected;
  return { line, accepted, rejected, restock: reason === 'damaged' ? 0 : accepted };
}
