/** The settlement file that the simulated provider would send: its movements, less the fees that it is said to take. */
import { halfUpProduct } from '../../actors/money/round.ts';
import { parseRate, type Rate } from '../../protocols/rate.ts';
import type { Movement } from '../gateway/simulator-journal.ts';
import { isSettled, movedAmount, settlementType } from './moved-amount.ts';
import type { SettlementRow } from './settlement-row.ts';

interface Fee {
  rate: Rate;
  /** Minor units, whatever the currency. */
  fixed: number;
}

/** By kind of movement; none where nothing is taken. */
export type Fees = ReadonlyMap<string, Fee>;

const FEE = /^([a-z-]+)=([0-9.]+)\+([0-9]{1,9})$/;

/** `capture=0.014+25,refund=0+10`: a rate of the amount and so many minor units for each. Undefined where it says something else. */
export function readFees(text: string): Fees | undefined {
  const fees = new Map<string, Fee>();
  for (const part of text.split(',')) {
    const [, kind = '', percent = '', fixed] = FEE.exec(part) ?? [];
    const rate = parseRate(percent);
    if (!rate || !isSettled(kind)) return undefined;
    fees.set(kind, { rate, fixed: Number(fixed) });
  }
  return fees;
}

/** Undefined for what moves no money. A movement that failed late gives back its gross; the fee stays taken. */
export function settlementRow(movement: Movement, account: string, fees: Fees): SettlementRow | undefined {
  const { kind, key, amount, currency, position, at, gatewayReference, failedLate } = movement;
  const type = settlementType(movement);
  if (!type) return undefined;
  const gross = movedAmount(movement);
  const fee = failedLate ? 0 : feeOn(amount, fees.get(kind));
  return {
    record: `${account}-${position}`,
    date: at,
    type,
    account,
    merchantReference: key,
    providerReference: gatewayReference,
    currency,
    gross,
    fee,
    net: gross - fee,
  };
}

function feeOn(amount: number, fee: Fee | undefined): number {
  return fee === undefined ? 0 : halfUpProduct(amount, fee.rate.numerator, fee.rate.denominator) + fee.fixed;
}
