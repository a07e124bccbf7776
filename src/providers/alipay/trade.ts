import { z } from 'zod';
import { minorOfText } from '../../domain/money/currency.js';
import type { Sighting } from '../../domain/order/sighting.js';
import { instantOfChina } from '../asking/china-time.js';

export const YUAN = 'CNY';

/** What Alipay says of a trade, in a notification as in an answer. */
const tradeSchema = z.object({
  trade_no: z.string().min(1).max(200),
  out_trade_no: z.string(),
  total_amount: z.string(),
  trade_status: z.enum(['WAIT_BUYER_PAY', 'TRADE_CLOSED', 'TRADE_SUCCESS', 'TRADE_FINISHED']),
  seller_id: z.string().optional(),
  /** When it was paid: in notifications, and in answers. */
  gmt_payment: z.string().optional(),
  send_pay_date: z.string().optional(),
  /**
   * All that was given back so far (总退款金额 in Alipay's documents of notifications, read on 2026-11-30); `0.00` or absent where nothing was. Notifications
   * of refunds look like those of payments but for this.
   */
  refund_fee: z.string().optional(),
});

/**
 * What was seen. A trade that is closed was paid before, where it says when: then all of it was given back. TRADE_FINISHED is TRADE_SUCCESS
 * which cannot be refunded any more, and no second payment.
 */
export function sightingsOf(said: unknown, merchant: string, now: Date): readonly Sighting[] {
  const read = tradeSchema.safeParse(said);
  const amountMinor = read.data && minorOfText(read.data.total_amount, YUAN);
  if (!read.data || amountMinor === undefined) return [];
  const { trade_no, out_trade_no, trade_status, seller_id, gmt_payment, send_pay_date, refund_fee } =
    read.data;
  const shown = gmt_payment ?? send_pay_date;
  const of = {
    orderId: out_trade_no,
    providerPayment: trade_no,
    merchant: seller_id ?? merchant,
    currency: YUAN,
    amountMinor,
    at: instantOfChina(shown) ?? now,
  };
  if (trade_status === 'WAIT_BUYER_PAY') return [{ ...of, what: 'pending' }];
  const isClosed = trade_status === 'TRADE_CLOSED';
  if (isClosed && shown === undefined) return [{ ...of, what: 'closed' }];
  const returned = refund_fee === undefined ? (isClosed ? amountMinor : 0n) : minorOfText(refund_fee, YUAN);
  const paid = { ...of, what: 'paid' } as const;
  return returned ? [paid, { ...of, amountMinor: returned, what: 'refunded' }] : [paid];
}
