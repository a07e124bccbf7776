import { z } from 'zod';
import type { ReceiptQuestion, Receipts } from '../../books/receipts.js';
import type { Answer } from '../endpoint.js';
import { text } from '../fields.js';
import { asked, failureRows } from './audit/failures.js';

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

export const balanceProofInput = {
  as_of: z
    .union([z.iso.date(), z.iso.datetime()])
    .optional()
    .meta({ description: 'a day that was closed; default: the newest', examples: ['2026-11-29'] }),
};

/** What operations that answer with such a file have in common. */
export const answersFile = {
  data: z.string(),
  answersText: [RECEIPT_TYPE],
  refusals: [],
  example: { data: '' },
} as const;

/** What operations that prove a balance have in common, whoever asks. */
export const provesBalance = {
  ...answersFile,
  description:
    'A `.tlog-proof` (C2SP) that proves to whoever knows the log’s key what the account had at the end of a day, and that it is in what the ledger said it owed to all; it is checked without this service. Days are closed where LIABILITY is `daily`.',
  failures: failureRows(
    'account_not_found',
    'figure_not_found',
    'receipts_off',
    'not_closed',
    'not_signed_yet',
  ),
} as const;

/** A receipt as a file, by the name of its figure as far as that can be one. */
export const receiptAnswer = (receipts: Receipts, question: ReceiptQuestion): Promise<Answer> =>
  receiptFile(question.figure, receipts.of(question));

/** One that was asked for, as a file by the name of its figure. */
export async function receiptFile(figure: string, receipt: Promise<string>): Promise<Answer> {
  const { data } = await asked(receipt);
  return fileOf(figure, data);
}

/** A proof of a balance as a file. */
export async function balanceProofAnswer(asOf: string | undefined, proof: Promise<string>): Promise<Answer> {
  const { data } = await asked(proof);
  return fileOf(`balance-${asOf ?? 'newest'}`, data);
}

function fileOf(what: string, data: string): Answer {
  const name = what.replaceAll(/[^\w.-]/g, '_');
  return {
    data: null,
    text: {
      mediaType: RECEIPT_TYPE,
      pieces: [data],
      headers: { 'Content-Disposition': `attachment; filename="${name}.tlog-proof"` },
    },
  };
}
