import type { BillingType } from '../../../domain/usage/billing.js';
import { type Queryable, schemaOf } from '../../runtime/projection.js';
import { LOG } from '../../usage/history-filter.js';
import { billingTypeSql, COUNTED } from './counted.js';

/** A movement, or what the calls of a model cost on a day. Amounts signed: what came in is positive. */
export interface BillingRow {
  readonly type: BillingType;
  /** Of the ledger. */
  readonly day: string;
  /** Of a movement. */
  readonly position: bigint | null;
  /** Of consumption; else empty. */
  readonly model: string;
  readonly calls: number;
  readonly amount: bigint;
  /** Right after a movement; of consumption at the end of its day. */
  readonly balanceAfter: bigint;
  /** The payment, refund or adjustment. */
  readonly reference: string | null;
  readonly note: string | null;
  /** Of a grant that a plan gave, or that ended: what the plan was called then. */
  readonly plan: string | null;
  /** Of a movement; of consumption the last instant that is known to be in it. */
  readonly at: Date;
}

export interface BillingFilter {
  readonly type?: BillingType | undefined;
  /** Days, included. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** After which row: by its day, and there by its model or its place in the log. */
export interface BillingPlace {
  readonly day: string;
  readonly model?: string | undefined;
  readonly position?: bigint | undefined;
}

export interface BillingPage {
  readonly rows: readonly BillingRow[];
  /** Rows of the whole filter. */
  readonly total: number;
}

interface GroupRow {
  readonly total: string;
  readonly day: string | null;
  readonly model: string;
  readonly is_movement: boolean;
  readonly calls: string;
  readonly amount: string;
  readonly closing: string;
  readonly begins: Date;
  readonly ends: Date;
}

/** $2 type, $3 and $4 days, $5 day, $6 model and $7 place of the last row seen, $8 how many. */
const GROUPS = `
  WITH ${COUNTED},
  closings AS MATERIALIZED (SELECT day, sum(sum(amount)) OVER (ORDER BY day) AS closing FROM counted GROUP BY day),
  groups AS MATERIALIZED (
    SELECT day, type <> 'consumption' AS is_movement, CASE WHEN type = 'consumption' THEN model ELSE '' END AS model,
           sum(rows) AS rows, sum(requests) AS calls, sum(amount) AS amount
    FROM counted
    WHERE ($2::text IS NULL OR type = $2) AND ($3::date IS NULL OR day >= $3) AND ($4::date IS NULL OR day <= $4)
    GROUP BY 1, 2, 3),
  page AS (
    SELECT * FROM groups
    WHERE $5::date IS NULL OR day < $5
       OR (day = $5 AND (CASE WHEN $7::bigint IS NULL THEN is_movement OR model COLLATE "C" > $6 ELSE is_movement END))
    ORDER BY day DESC, is_movement, model COLLATE "C" LIMIT $8)
  SELECT coalesce((SELECT sum(CASE WHEN is_movement THEN rows ELSE 1 END) FROM groups), 0) AS total, p.day::text, p.model,
         p.is_movement, p.calls, p.amount, c.closing, p.day::timestamp AT TIME ZONE known.zone AS begins,
         (p.day + 1)::timestamp AT TIME ZONE known.zone AS ends
  FROM known LEFT JOIN page p ON true LEFT JOIN closings c USING (day)
  ORDER BY p.day DESC, p.is_movement, p.model COLLATE "C"`;

interface MovementRow {
  readonly position: bigint;
  readonly recorded_at: Date;
  readonly type: BillingType;
  readonly spend: bigint;
  readonly reference: string;
  readonly balance_after: bigint;
  readonly note: string | null;
  readonly plan: string | null;
}

const SUBSCRIPTIONS = schemaOf('subscriptions');
/** A period's name among the sources of grants, `sub:<subscription>:<period>`, with how often it came again behind it. */
const PERIOD_OF = `CASE WHEN g.source ~ '^sub:[0-9a-f-]{36}:[0-9]{1,9}(:|$)' THEN split_part(g.source, ':', 2)::uuid END`;
const PLAN_OF = `SELECT n.name FROM ${schemaOf('grants')}.grants g
    JOIN ${SUBSCRIPTIONS}.subscription_periods s ON s.subscription_id = ${PERIOD_OF} AND s.period::text = split_part(g.source, ':', 3)
    JOIN ${SUBSCRIPTIONS}.subscriptions u ON u.subscription_id = s.subscription_id
    JOIN ${SUBSCRIPTIONS}.plans n ON n.plan_id = u.plan_id AND n.version = s.plan_version
    WHERE g.grant_id = CASE WHEN l.type = 'grant' THEN l.reference::uuid END`;

/** $2 and $3: the ends of days, $4 type, $5 before which place, $6 how many. Those are rare: what they are told by is in the index. */
const MOVEMENTS = `
  SELECT l.position, l.recorded_at, ${billingTypeSql('l')} AS type, l.spend, l.reference, b.balance_after, p.note, (${PLAN_OF}) AS plan
  FROM unnest($2::timestamptz[], $3::timestamptz[]) AS d (begins, ends)
  JOIN ${LOG} l ON l.account_id = $1 AND l.recorded_at >= d.begins AND l.recorded_at < d.ends
    AND l.type IN ('topup', 'refund', 'adjust', 'grant') AND l.model = ''
  JOIN ${schemaOf('balance')}.balances_after b ON b.position = l.position
  LEFT JOIN ${schemaOf('payments')}.payments p ON l.type = 'topup' AND p.payment_id = l.reference
  WHERE ($4::text IS NULL OR ${billingTypeSql('l')} = $4) AND ($5::bigint IS NULL OR l.position < $5)
  ORDER BY l.recorded_at DESC, l.position DESC LIMIT $6`;

/**
 * What moved an account's balance, the newest first: of each day what its calls cost, by model, and then its movements. Undefined while the days
 * are not counted.
 */
export async function readBilling(
  db: Queryable,
  accountId: string,
  { type, from, to }: BillingFilter,
  { after, limit }: { readonly after?: BillingPlace | undefined; readonly limit: number },
): Promise<BillingPage | undefined> {
  const { rows: groups } = await db.query<GroupRow>(GROUPS, [
    accountId,
    type ?? null,
    from ?? null,
    to ?? null,
    after?.day ?? null,
    after?.model ?? null,
    after?.position ?? null,
    // Of the day of the last row seen there may be no more movements.
    limit + 1,
  ]);
  const [first] = groups;
  if (!first) return undefined;
  const moving = groups.filter(({ day, is_movement }) => day !== null && is_movement);
  const { rows: movements } =
    moving.length === 0
      ? { rows: [] }
      : await db.query<MovementRow>(MOVEMENTS, [
          accountId,
          moving.map(({ begins }) => begins),
          moving.map(({ ends }) => ends),
          type ?? null,
          after?.position ?? null,
          limit,
        ]);
  const rows = groups.flatMap((group) => rowsOf(group, movements));
  return { rows: rows.slice(0, limit), total: Number(first.total) };
}

function rowsOf(group: GroupRow, movements: readonly MovementRow[]): readonly BillingRow[] {
  const { day, begins, ends } = group;
  if (day === null) return [];
  if (!group.is_movement)
    return [
      {
        type: 'consumption',
        day,
        position: null,
        model: group.model,
        calls: Number(group.calls),
        amount: BigInt(group.amount),
        balanceAfter: BigInt(group.closing),
        reference: null,
        note: null,
        plan: null,
        at: ends,
      },
    ];
  return movements
    .filter(({ recorded_at }) => recorded_at >= begins && recorded_at < ends)
    .map((row) => ({
      type: row.type,
      day,
      position: row.position,
      model: '',
      calls: 0,
      amount: -row.spend,
      balanceAfter: row.balance_after,
      reference: row.reference,
      note: row.note,
      plan: row.plan,
      at: row.recorded_at,
    }));
}

/** What the calls of a model cost on a day, by key. */
export interface ConsumptionByKey {
  readonly tokenId: number;
  readonly tokenName: string;
  readonly calls: number;
  readonly tokens: bigint;
  readonly amount: bigint;
}

interface KeyRow {
  readonly token_id: bigint;
  readonly token_name: string | null;
  readonly calls: string;
  readonly tokens: string;
  readonly amount: string;
}

/** The most expensive first. Undefined where there is nothing of that model and day. */
export async function readConsumption(
  db: Queryable,
  accountId: string,
  { day, model }: { readonly day: string; readonly model: string },
): Promise<readonly ConsumptionByKey[] | undefined> {
  const { rows } = await db.query<KeyRow>(
    `WITH ${COUNTED}
     SELECT c.token_id, t.token_name, sum(c.requests) AS calls, sum(c.tokens) AS tokens, sum(c.amount) AS amount
     FROM counted c LEFT JOIN ${schemaOf('tokens')}.tokens t ON t.token_id = c.token_id AND t.account_id = $1
     WHERE c.type = 'consumption' AND c.day = $2::date AND c.model = $3
     GROUP BY c.token_id, t.token_name ORDER BY sum(c.amount), c.token_id`,
    [accountId, day, model],
  );
  if (rows.length === 0) return undefined;
  return rows.map((row) => ({
    tokenId: Number(row.token_id),
    tokenName: row.token_name ?? '',
    calls: Number(row.calls),
    tokens: BigInt(row.tokens),
    amount: BigInt(row.amount),
  }));
}
