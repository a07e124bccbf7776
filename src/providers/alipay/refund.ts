import { z } from 'zod';
import { amountText } from '../../domain/money/currency.js';
import {
  ProviderUnavailable,
  type RefundedPayment,
  type RefundOutcome,
  type RefundProvider,
} from '../../reactions/payments/provider.js';
import { requireAnswerTo } from '../asking/answer-to.js';
import { type AlipayKeys, type AlipayParts, AlipayRefused, asked } from './gateway.js';

/**
 * What Alipay's documents of `alipay.trade.refund` list as an end (read on 2026-11-30 in three transcriptions of them); of `ACQ.SYSTEM_ERROR`,
 * `ACQ.REFUND_CHARGE_ERROR` and `ACQ.DISCORDANT_REPEAT_REQUEST` they say to ask again, and of what they do not list nothing is known.
 */
const DEFINITE: ReadonlySet<string> = new Set([
  'ACQ.SELLER_BALANCE_NOT_ENOUGH',
  'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL',
  'ACQ.REASON_TRADE_BEEN_FREEZEN',
  'ACQ.REASON_TRADE_REFUND_FEE_ERR',
  'ACQ.TRADE_HAS_FINISHED',
  'ACQ.TRADE_STATUS_ERROR',
  'ACQ.TRADE_NOT_ALLOW_REFUND',
]);

const changed = z.looseObject({ fund_change: z.literal('Y') });
const succeeded = z.looseObject({ refund_status: z.literal('REFUND_SUCCESS') });

/**
 * Under `out_request_no` a refund is once, however often it is asked for. Where `fund_change` is not `Y` nothing was moved by this request, so
 * that it is asked about; a refund that is there without `refund_status` was not heard of, or failed, and may be asked for again.
 */
export function alipayRefunds(parts: AlipayParts, keys: AlipayKeys): RefundProvider {
  const done = ({ refundId }: RefundedPayment): RefundOutcome => ({
    state: 'succeeded',
    providerRefund: refundId,
  });
  const query: RefundProvider['query'] = async ({ orderId }, refund) => {
    const { refundId, providerPayment } = refund;
    const content = { out_trade_no: orderId, trade_no: providerPayment, out_request_no: refundId };
    const said = await asked(parts, keys, 'alipay.trade.fastpay.refund.query', content);
    requireAnswerTo(said, 'out_request_no', refundId);
    return succeeded.safeParse(said).success ? done(refund) : 'none';
  };
  return {
    query,
    send: async (order, refund) => {
      const { refundId, providerPayment, currency, amountMinor } = refund;
      const content = {
        ...{ out_trade_no: order.orderId, trade_no: providerPayment, out_request_no: refundId },
        refund_amount: amountText(amountMinor, currency),
      };
      let ended: RefundOutcome = { state: 'pending' };
      try {
        const said = await asked(parts, keys, 'alipay.trade.refund', content);
        if (!said) throw new ProviderUnavailable('Alipay does not know the trade');
        requireAnswerTo(said, 'out_trade_no', order.orderId);
        if (changed.safeParse(said).success) return done(refund);
      } catch (error) {
        if (!(error instanceof AlipayRefused) || !DEFINITE.has(error.why ?? '')) throw error;
        ended = { state: 'failed', why: error.why ?? '' };
      }
      // A no to a repetition is none to the first, of which nothing was heard.
      const found = await query(order, refund);
      return found === 'none' ? ended : found;
    },
  };
}
