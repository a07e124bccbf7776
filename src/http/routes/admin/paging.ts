import { z } from 'zod';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;

export const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,16}$/)
    .transform(Number)
    .pipe(z.int().min(min).max(max));

/** Of a list by rising numbers: what comes after the last one seen. */
export const pageInput = {
  after: whole(0, Number.MAX_SAFE_INTEGER)
    .default(0)
    .meta({ type: 'integer', description: '`next_after` of the page before', default: 0 }),
  limit: whole(1, MAX_LIMIT)
    .default(DEFAULT_LIMIT)
    .meta({ type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT }),
};

export const nextAfter = z.int().nullable().meta({ description: 'null: there are no more' });

/** One row more than asked for says whether there are more. */
export async function pageOf<Row>(
  limit: number,
  numberOf: (row: Row) => number,
  read: (limit: number) => Promise<readonly Row[]>,
): Promise<{ readonly rows: readonly Row[]; readonly next_after: number | null }> {
  const found = await read(limit + 1);
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  return { rows, next_after: found.length > limit && last !== undefined ? numberOf(last) : null };
}

export { seconds } from '../../present.js';
