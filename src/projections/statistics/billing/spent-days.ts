import type { Spending } from '../../../domain/alert/rule.js';
import type { Queryable } from '../../runtime/projection.js';
import { COUNTED } from './counted.js';

/** What an account spent today, and on those of so many days before on which it spent anything. Undefined while the days are not counted. */
export async function readSpending(
  db: Queryable,
  accountId: string,
  daysBefore: number,
): Promise<Spending | undefined> {
  const { rows } = await db.query<{ today: string; day: string | null; spent: string | null }>(
    `WITH ${COUNTED},
     today AS (SELECT (now() AT TIME ZONE zone)::date AS day FROM known)
     SELECT today.day::text AS today, c.day::text AS day, -sum(c.amount) AS spent
     FROM today LEFT JOIN counted c ON c.type = 'consumption' AND c.day > today.day - $2::int - 1 AND c.day <= today.day
     GROUP BY today.day, c.day`,
    [accountId, daysBefore],
  );
  const [first] = rows;
  if (!first) return undefined;
  const spent = rows.flatMap(({ day, spent: quota }) =>
    day === null ? [] : [{ day, quota: BigInt(quota ?? 0) }],
  );
  return {
    day: first.today,
    spent: spent.find(({ day }) => day === first.today)?.quota ?? 0n,
    before: spent.filter(({ day, quota }) => day !== first.today && quota > 0n).map(({ quota }) => quota),
  };
}
