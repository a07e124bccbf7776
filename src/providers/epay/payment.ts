import { z } from 'zod';
import { minorOfText } from '../../domain/money/currency.js';
import type { Sighting } from '../../domain/order/sighting.js';
import { instantOfChina } from '../asking/china-time.js';

export const YUAN = 'CNY';

const text = z.union([z.string(), z.number()]).transform(String);

/** What Epay says of a payment, in a notification as in an answer. */
const paymentSchema = z.object({
  pid: text.optional(),
  trade_no: text.optional(),
  out_trade_no: text,
  money: text,
  trade_status: text.optional(),
  status: text.optional(),
  endtime: text.nullish(),
});
type EpayPayment = z.output<typeof paymentSchema>;

const FROZEN = '3';
const REFUNDED = '2';

/**
 * Paid is what says TRADE_SUCCESS; `status` counts only where nothing says `trade_status`, since some have 1 there for an order that is there.
 * Undefined where nobody paid, or what is said is no payment.
 */
export function sightingOf(said: unknown, merchant: string, now: Date): Sighting | undefined {
  const read = paymentSchema.safeParse(said);
  if (!read.success) return undefined;
  const payment = read.data;
  const amountMinor = minorOfText(payment.money, YUAN);
  if (!isPaid(payment) || amountMinor === undefined) return undefined;
  // Frozen money is not ours, whatever it is called: somebody must look.
  const frozen = payment.trade_status === undefined && payment.status === FROZEN ? ' (frozen)' : '';
  return {
    orderId: payment.out_trade_no,
    providerPayment: payment.trade_no ?? payment.out_trade_no,
    merchant: `${payment.pid ?? merchant}${frozen}`,
    currency: YUAN,
    amountMinor,
    at: instantOfChina(payment.endtime) ?? now,
    what: 'paid',
  };
}

const isPaid = ({ trade_status, status = '' }: EpayPayment): boolean =>
  trade_status === undefined ? ['1', REFUNDED, FROZEN].includes(status) : trade_status === 'TRADE_SUCCESS';
