import { z } from 'zod';
import { externalUserIdField, text } from '../../../fields.js';
import { complaints } from '../../../validation.js';
import { logRow } from './row.js';

/** A whole number in a query string. */
const numberText = (min: number, max: number) =>
  z
    .string()
    .regex(/^-?\d{1,16}$/)
    .transform(Number)
    .superRefine((value, context) => {
      const complaint =
        value < min
          ? complaints.min(min.toString())
          : value > max
            ? complaints.max(max.toString())
            : undefined;
      if (complaint) context.addIssue({ code: 'custom', params: { ...complaint } });
    })
    .meta({ type: 'integer', minimum: min, maximum: max });

const day = (what: string) =>
  z
    .string()
    .meta({ description: `\`YYYY-MM-DD\`, ${what}, in the ledger's time zone; anything else is ignored` })
    .optional();

const LAST_PAGE = 1_000_000;

export const logsInput = z.object({
  external_user_id: externalUserIdField,
  start_date: day('the first day'),
  end_date: day('the last day, included'),
  username: text(0, 50).optional(),
  model_name: text(0, 200).meta({ description: 'a part of the name, upper or lower case' }).optional(),
  type: z.enum(['consume', 'topup', 'refund', 'adjust', 'error']).optional(),
  token_id: numberText(1, Number.MAX_SAFE_INTEGER).optional(),
  page: numberText(1, LAST_PAGE).optional(),
  page_size: numberText(1, 100).optional(),
});
export type LogsInput = z.infer<typeof logsInput>;

export const logsData = z
  .object({
    logs: z.array(logRow),
    pagination: z.object({ page: z.int(), page_size: z.int(), total: z.int(), total_page: z.int() }),
    summary: z
      .object({ total_tokens: z.int(), total_spend: z.number() })
      .meta({ description: 'of this page' }),
    range_summary: z
      .object({ total_tokens: z.int(), total_spend: z.number(), total_topup: z.number(), rows: z.int() })
      .meta({ description: 'of the whole filter' }),
  })
  .meta({ id: 'LogPage' });
