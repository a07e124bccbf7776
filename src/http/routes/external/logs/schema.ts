import { z } from 'zod';
import { externalUserIdField, text } from '../../../fields.js';
import { minPosition } from '../../../freshness.js';
import { complaints } from '../../../validation.js';
import { logRow } from './row.js';

const types = ['consume', 'topup', 'refund', 'adjust', 'grant', 'error'] as const;

/** A whole number in a query string. */
const wholeText = z.string().superRefine((value, context) => {
  if (!/^-?\d{1,16}$/.test(value))
    context.addIssue({
      code: 'custom',
      params: { ...complaints.type('应为整数', 'must be a whole number') },
    });
});

/** Out of range it is brought back into it, as front ends are used to: what is too small counts as absent. */
const pageNumber = (most: number, absent: number) =>
  wholeText
    .transform((text) => (Number(text) < 1 ? absent : Math.min(Number(text), most)))
    .default(absent)
    .meta({
      type: 'integer',
      default: absent,
      minimum: 1,
      maximum: most,
      description: `more counts as ${most}, less as ${absent}`,
    });

const day = (what: string) =>
  z
    .string()
    .meta({ description: `\`YYYY-MM-DD\`, ${what}, in the ledger's time zone; anything else is ignored` })
    .optional();

const LAST_PAGE = 1_000_000;
const [DEFAULT_ROWS, MOST_ROWS] = [20, 100] as const;

export const logsInput = z.object({
  external_user_id: externalUserIdField,
  start_date: day('the first day'),
  end_date: day('the last day, included'),
  username: text(0, 50).optional(),
  model_name: text(0, 200).meta({ description: 'a part of the name, upper or lower case' }).optional(),
  type: z
    .string()
    .transform((text) => types.find((type) => type === text))
    .meta({ enum: [...types], description: 'anything else is ignored' })
    .optional(),
  token_id: wholeText.transform(Number).meta({ type: 'integer' }).optional(),
  min_position: minPosition,
  page: pageNumber(LAST_PAGE, 1),
  page_size: pageNumber(MOST_ROWS, DEFAULT_ROWS),
});
export type LogsInput = z.infer<typeof logsInput>;

export const logsData = z
  .object({
    logs: z.array(logRow),
    pagination: z.object({ page: z.int(), page_size: z.int(), total: z.int(), total_page: z.int() }),
    summary: z
      .object({ total_tokens: z.int(), total_spend: z.number() })
      .meta({ description: 'of this page, top-ups negative' }),
    range_summary: z
      .object({ total_tokens: z.int(), total_spend: z.number(), total_topup: z.number(), rows: z.int() })
      .meta({ description: 'of the whole filter' }),
  })
  .meta({ id: 'LogPage' });
