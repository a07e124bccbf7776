import { DateTime } from 'luxon';
import { type Queryable, schemaOf } from '../../projections/runtime/projection.js';
import { type TopUp, topUpsBetween } from './credit.js';
import { AuditRefused, Comparison } from './faults.js';
import type { Snapshot } from './snapshot.js';
import { findOwner, type Owner } from './tables.js';

interface Movements {
  readonly count: number;
  readonly quota: bigint;
}

export interface ModelConsumption {
  readonly model: string;
  readonly calls: number;
  readonly prompt_tokens: bigint;
  readonly completion_tokens: bigint;
  readonly charged: bigint;
  /** Later corrections of charges, signed: what the account pays more. */
  readonly corrected: bigint;
  /** Charged and corrected. */
  readonly quota: bigint;
}

/** Amounts in quota: `opening + credits + grants - refunds - consumption + adjustments = closing`, which has been checked. */
export interface StatementView extends Owner {
  readonly month: string;
  readonly timezone: string;
  /** The first instant of the month, and the first after it. */
  readonly from: string;
  readonly until: string;
  /** False while the month is not over: more may follow. */
  readonly complete: boolean;
  /** The log was read up to here. */
  readonly position: bigint;
  readonly opening: bigint;
  /** `top_ups`: at most the first thousand of the month. */
  readonly credits: Movements & { readonly top_ups: readonly TopUp[] };
  readonly refunds: Movements;
  /** Quota that was given, less what of it ended or was taken back; signed. */
  readonly grants: Movements;
  readonly consumption: Movements & { readonly by_model: readonly ModelConsumption[] };
  /** Operators' corrections, signed. */
  readonly adjustments: Movements;
  /** Calls that failed or were refused; they cost nothing. */
  readonly failed_calls: number;
  readonly closing: bigint;
}

/** A month of one account: the balances by the journal, the movements by the history, and both must agree. @throws AuditRefused, BooksDisagree */
export async function statementOf(
  { tx, position }: Snapshot,
  timeZone: string,
  now: Date,
  externalUserId: string,
  month: string,
): Promise<StatementView> {
  const [from, until] = boundsOf(month, timeZone);
  const owner = await findOwner(tx, externalUserId);
  const { opening, closing } = await edges(tx, owner.account_id, from, until);
  const rows = await movements(tx, owner.account_id, from, until);
  const of = (type: string) => total(rows.filter((row) => row.type === type && row.model === ''));
  const top_ups = await topUpsBetween(tx, owner.account_id, from, until);
  const credits = { ...negated(of('topup')), top_ups };
  const refunds = of('refund');
  const grants = negated(of('grant'));
  const adjustments = negated(of('adjust'));
  const by_model = byModel(rows);
  const consumption = {
    count: by_model.reduce((sum, { calls }) => sum + calls, 0),
    quota: by_model.reduce((sum, { quota }) => sum + quota, 0n),
    by_model,
  };
  const comparison = new Comparison();
  const moved = credits.quota + grants.quota - refunds.quota - consumption.quota + adjustments.quota;
  comparison.same(`closing balance of ${owner.account_id} for ${month}`, closing, opening + moved);
  comparison.settle();
  return {
    ...owner,
    month,
    timezone: timeZone,
    from: from.toISOString(),
    until: until.toISOString(),
    complete: until <= now,
    position,
    opening,
    credits,
    refunds,
    grants,
    consumption,
    adjustments,
    failed_calls: rows.filter(({ type }) => type === 'error').reduce((sum, { count }) => sum + count, 0),
    closing,
  };
}

function boundsOf(month: string, timeZone: string): readonly [from: Date, until: Date] {
  const first = /^\d{4}-\d{2}$/.test(month) ? DateTime.fromISO(`${month}-01`, { zone: timeZone }) : undefined;
  if (!first?.isValid || first.year < 1970)
    throw new AuditRefused('month_invalid', 'a month is written as 2026-11');
  return [first.toJSDate(), first.plus({ months: 1 }).startOf('month').toJSDate()];
}

async function edges(tx: Queryable, accountId: string, from: Date, until: Date) {
  const { rows } = await tx.query<{ opening: string; closing: string }>(
    `SELECT -coalesce(sum(user_amount) FILTER (WHERE recorded_at < $2), 0) AS opening, -coalesce(sum(user_amount), 0) AS closing
     FROM ${schemaOf('journal')}.entries
     WHERE account_id = $1 AND recorded_at < $3`,
    [accountId, from, until],
  );
  return { opening: BigInt(rows[0]?.opening ?? 0), closing: BigInt(rows[0]?.closing ?? 0) };
}

interface MovementRow {
  readonly type: string;
  readonly model: string;
  readonly count: number;
  readonly prompt: bigint;
  readonly completion: bigint;
  readonly spend: bigint;
}

async function movements(
  tx: Queryable,
  accountId: string,
  from: Date,
  until: Date,
): Promise<readonly MovementRow[]> {
  const { rows } = await tx.query<Record<keyof MovementRow, string>>(
    `SELECT type, model, count(*)::text AS count, sum(prompt_tokens) AS prompt, sum(completion_tokens) AS completion, sum(spend) AS spend
     FROM ${schemaOf('usage-log')}.log_rows
     WHERE account_id = $1 AND recorded_at >= $2 AND recorded_at < $3
     GROUP BY type, model ORDER BY model, type`,
    [accountId, from, until],
  );
  return rows.map((row) => ({
    type: row.type,
    model: row.model,
    count: Number(row.count),
    prompt: BigInt(row.prompt),
    completion: BigInt(row.completion),
    spend: BigInt(row.spend),
  }));
}

const total = (rows: readonly MovementRow[]): Movements => ({
  count: rows.reduce((sum, { count }) => sum + count, 0),
  quota: rows.reduce((sum, { spend }) => sum + spend, 0n),
});
const negated = ({ count, quota }: Movements): Movements => ({ count, quota: 0n - quota });

/** Rows that name a model: charges (`consume`) and their corrections (`adjust`). */
function byModel(rows: readonly MovementRow[]): readonly ModelConsumption[] {
  const models = new Set(
    rows
      .filter(({ type, model }) => type === 'consume' || (type === 'adjust' && model !== ''))
      .map(({ model }) => model),
  );
  return [...models].map((model) => {
    const charges = rows.filter((row) => row.model === model && row.type === 'consume');
    const charged = total(charges);
    const corrected = total(rows.filter((row) => row.model === model && row.type === 'adjust')).quota;
    return {
      model,
      calls: charged.count,
      prompt_tokens: charges.reduce((sum, { prompt }) => sum + prompt, 0n),
      completion_tokens: charges.reduce((sum, { completion }) => sum + completion, 0n),
      charged: charged.quota,
      corrected,
      quota: charged.quota + corrected,
    };
  });
}
