import { z } from 'zod';
import { complaints } from './validation.js';

const DEFAULT_ROWS = 50;
const MOST_ROWS = 200;
/** What is more is not counted: nobody pages through it. */
export const MOST_COUNTED = 10_000;

/** A whole number in a query. */
export const wholeText = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,16}$/)
    .transform(Number)
    .pipe(z.int().min(min).max(max));

/** Of a list by places of the log, the newest first: what comes before the last one seen. */
export const cursorInput = {
  cursor: z
    .string()
    .superRefine((text, context) => {
      if (!/^\d{1,18}$/.test(text))
        context.addIssue({ code: 'custom', params: { ...complaints.type('无效', 'is no cursor') } });
    })
    .transform((text) => BigInt(text))
    .meta({ description: '`next_cursor` of the page before' })
    .optional(),
  limit: wholeText(1, MOST_ROWS)
    .default(DEFAULT_ROWS)
    .meta({ type: 'integer', minimum: 1, maximum: MOST_ROWS, default: DEFAULT_ROWS }),
};

/** Beside the rows of such a list. */
export const cursorData = {
  next_cursor: z.string().nullable().meta({ description: 'null: there are no more' }),
  total: z.int().meta({ description: `rows of the whole filter, at most ${MOST_COUNTED}` }),
  total_capped: z.boolean().meta({ description: `there are more than ${MOST_COUNTED}` }),
};

/** One row more than asked for says whether there are more. */
export async function cursorPage<Row>(
  { cursor, limit }: { readonly cursor?: bigint | undefined; readonly limit: number },
  placeOf: (row: Row) => bigint,
  read: (page: { readonly before: bigint | undefined; readonly limit: number }) => Promise<readonly Row[]>,
  count: (most: number) => Promise<number>,
) {
  const [found, counted] = await Promise.all([
    read({ before: cursor, limit: limit + 1 }),
    count(MOST_COUNTED),
  ]);
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  return {
    rows,
    page: {
      next_cursor: found.length > limit && last !== undefined ? placeOf(last).toString() : null,
      total: Math.min(counted, MOST_COUNTED),
      total_capped: counted > MOST_COUNTED,
    },
  };
}
