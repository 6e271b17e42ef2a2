/** Orders of one store that is to give back what it was paid. */
import { by, failed, plan, reserved, type Said, type Scenario, scenario, shop, simple } from './scenario.ts';

export const STORE = 'store-a';
const CLERK = by(STORE);

/** One line of so many units at 10.00; the store's share of a unit is 8.75 (15 % of 8.33 net). */
export function sold(id: string, units: number): Scenario {
  const order = scenario(id).given(
    shop.place(simple(units, 1000)),
    plan({ [STORE]: { '1': units } }),
    reserved(`${id}-1`),
  );
  return order.given(CLERK.ready());
}

export function short(key: string, available?: number): Said {
  const said = failed(key);
  const more = available === undefined ? {} : { available };
  return { ...said, payload: { ...(said.payload as object), code: 'insufficient-balance', ...more } };
}
