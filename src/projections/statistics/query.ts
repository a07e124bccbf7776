import { type Queryable, schemaOf } from '../runtime/projection.js';

export interface ModelUsage {
  readonly model: string;
  readonly requests: number;
  readonly promptTokens: bigint;
  readonly completionTokens: bigint;
  readonly quota: bigint;
}

interface Row {
  readonly model: string;
  readonly requests: string;
  readonly prompt_tokens: string;
  readonly completion_tokens: string;
  readonly quota: string;
}

/** What an account has used of each model since it began, the most expensive first; models whose calls all failed are left out. */
export async function readModelUsage(db: Queryable, accountId: string): Promise<readonly ModelUsage[]> {
  const { rows } = await db.query<Row>(
    `SELECT model, sum(requests) AS requests, sum(prompt_tokens) AS prompt_tokens, sum(completion_tokens) AS completion_tokens,
            sum(quota) AS quota
     FROM ${schemaOf('statistics')}.daily_usage WHERE account_id = $1 AND model <> ''
     GROUP BY model HAVING sum(requests) > 0 OR sum(quota) <> 0 ORDER BY sum(quota) DESC, model`,
    [accountId],
  );
  return rows.map((row) => ({
    model: row.model,
    requests: Number(row.requests),
    promptTokens: BigInt(row.prompt_tokens),
    completionTokens: BigInt(row.completion_tokens),
    quota: BigInt(row.quota),
  }));
}
