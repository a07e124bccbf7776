import { amountText } from '../../domain/money/currency.js';
import type { RefundOutcome, RefundProvider } from '../../reactions/payments/provider.js';
import { requireAnswerTo } from '../asking/answer-to.js';
import { codeWord } from '../asking/code-word.js';
import { askV2, type EpayApiParts } from './api.js';

const DONE = '1';

/**
 * Version 2 takes refunds under a number of ours, and the same number once; that it took one is not that it is done, which its query says
 * (`status` 1). Read on 2026-11-30 in the tests of two programs that speak it, both against the paths `/api/pay/refund` and
 * `/api/pay/refundquery`. What it refuses is not signed by all of them, so that it is asked about before it counts.
 */
export function epayRefunds(api: EpayApiParts, pid: string): RefundProvider {
  const query: RefundProvider['query'] = async (_, { refundId }) => {
    const answer = await askV2(api, 'refundquery', { pid, out_refund_no: refundId });
    const said = requireAnswerTo(answer, 'out_refund_no', refundId);
    if (String(said['code']) !== '0') return 'none';
    if (String(said['status']) !== DONE) return { state: 'pending' };
    return { state: 'succeeded', providerRefund: textOf(said['refund_no']) };
  };
  return {
    query,
    send: async (order, refund) => {
      const { refundId, providerPayment, currency, amountMinor } = refund;
      const said = await askV2(api, 'refund', {
        pid,
        trade_no: providerPayment,
        out_trade_no: order.orderId,
        money: amountText(amountMinor, currency),
        out_refund_no: refundId,
      });
      const code = String(said['code']);
      const found = await query(order, refund);
      if (found !== 'none') return found;
      return code === '0' ? { state: 'pending' } : refusedWith(code);
    },
  };
}

const refusedWith = (code: string): RefundOutcome => ({
  state: 'failed',
  why: `code ${codeWord.parse(code)}`,
});

const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value.slice(0, 200) : null;
