import { z } from 'zod';
import type { RefundedPayment, RefundOutcome, RefundProvider } from '../../reactions/payments/provider.js';
import { requireAnswerTo } from '../asking/answer-to.js';
import { askWechat, unlessUnheardOf, type WechatKeys, type WechatParts, WechatRefused } from './gateway.js';

/**
 * Of these WeChat Pay's documents say that the refund has failed (read on 2026-11-30 in a transcription of them); `SYSTEM_ERROR` and
 * `FREQUENCY_LIMITED` are asked for again under the same number, and of the others nothing is known.
 */
const DEFINITE: ReadonlySet<string> = new Set([
  'USER_ACCOUNT_ABNORMAL',
  'NOT_ENOUGH',
  'INVALID_REQUEST',
  'NO_AUTH',
]);

const refundSchema = z.object({
  refund_id: z.string().min(1).max(64),
  status: z.enum(['SUCCESS', 'CLOSED', 'PROCESSING', 'ABNORMAL']),
});

const PATH = '/v3/refund/domestic/refunds';

/** Under `out_refund_no` a refund is once, however often it is asked for; that it was taken is not that it is done. */
export function wechatRefunds(parts: WechatParts, keys: WechatKeys): RefundProvider {
  const query = async ({ refundId }: RefundedPayment): Promise<RefundOutcome | 'none'> => {
    const path = `${PATH}/${encodeURIComponent(refundId)}`;
    const said = await unlessUnheardOf(askWechat(parts, keys, { path }));
    return said === undefined ? 'none' : outcomeOf(said, refundId);
  };
  return {
    query: (_, refund) => query(refund),
    send: async ({ payMinor }, refund) => {
      const { refundId, providerPayment, currency, amountMinor } = refund;
      const content = {
        transaction_id: providerPayment,
        out_refund_no: refundId,
        amount: { refund: Number(amountMinor), total: Number(payMinor), currency },
      };
      try {
        return outcomeOf(await askWechat(parts, keys, { path: PATH, content }), refundId);
      } catch (error) {
        if (!(error instanceof WechatRefused) || !DEFINITE.has(error.code)) throw error;
        const found = await query(refund);
        return found === 'none' ? { state: 'failed', why: error.code } : found;
      }
    },
  };
}

/** ABNORMAL: the card is gone, and somebody must decide at WeChat Pay where it goes. */
function outcomeOf(said: unknown, refundId: string): RefundOutcome {
  const read = refundSchema.safeParse(requireAnswerTo(said, 'out_refund_no', refundId));
  if (!read.success) return { state: 'pending' };
  if (read.data.status === 'SUCCESS') return { state: 'succeeded', providerRefund: read.data.refund_id };
  return read.data.status === 'CLOSED' ? { state: 'failed', why: 'CLOSED' } : { state: 'pending' };
}
