import { z } from 'zod';
import type { ReceiptQuestion, Receipts } from '../../books/receipts.js';
import type { Answer } from '../endpoint.js';
import { text } from '../fields.js';
import { asked } from './audit/failures.js';

export const RECEIPT_TYPE = 'text/plain';

export const receiptInput = {
  figure: text(1, 200).meta({ description: 'the id of a payment, refund, adjustment, call or request' }),
  position: z.coerce
    .bigint()
    .min(0n)
    .max(2n ** 63n - 1n)
    .optional()
    .meta({
      description: 'where a figure has several events: that of this position of the log; default: the newest',
    }),
};

/** A receipt as a file, by the name of its figure as far as that can be one. */
export async function receiptAnswer(receipts: Receipts, question: ReceiptQuestion): Promise<Answer> {
  const { data } = await asked(receipts.of(question));
  const name = question.figure.replaceAll(/[^\w.-]/g, '_');
  return {
    data: null,
    text: {
      mediaType: RECEIPT_TYPE,
      pieces: [data],
      headers: { 'Content-Disposition': `attachment; filename="${name}.tlog-proof"` },
    },
  };
}
