import { z } from 'zod';
import type { Sighting } from '../../domain/order/sighting.js';

/** What WeChat Pay says of an order, in a notification as in an answer. */
const tradeSchema = z.object({
  mchid: z.string().min(1).max(64),
  out_trade_no: z.string(),
  transaction_id: z.string().min(1).max(64).optional(),
  trade_state: z.enum(['SUCCESS', 'REFUND', 'NOTPAY', 'CLOSED', 'REVOKED', 'USERPAYING', 'PAYERROR']),
  success_time: z.iso.datetime({ offset: true }).optional(),
  amount: z.object({ total: z.int().min(0), currency: z.string().default('CNY') }).optional(),
});

/** REFUND: it was paid, and some of it went back. Nothing while nobody paid. */
export function sightingsOf(said: unknown, now: Date): readonly Sighting[] {
  const read = tradeSchema.safeParse(said);
  if (!read.success) return [];
  const { mchid, out_trade_no, transaction_id, trade_state, success_time, amount } = read.data;
  const of = {
    orderId: out_trade_no,
    providerPayment: transaction_id ?? out_trade_no,
    merchant: mchid,
    currency: amount?.currency ?? 'CNY',
    amountMinor: BigInt(amount?.total ?? 0),
    at: success_time === undefined ? now : new Date(success_time),
  };
  switch (trade_state) {
    case 'SUCCESS':
    case 'REFUND':
      return transaction_id === undefined || !amount ? [] : [{ ...of, what: 'paid' }];
    case 'CLOSED':
    case 'REVOKED':
      return [{ ...of, what: 'closed' }];
    case 'USERPAYING':
      return [{ ...of, what: 'pending' }];
    case 'NOTPAY':
    case 'PAYERROR':
      return [];
  }
}
