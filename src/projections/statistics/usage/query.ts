import { sourceOf, type UsageGrouping, type UsageQuestion } from '../../../domain/usage/usage-question.js';
import { type Queryable, schemaOf } from '../../runtime/projection.js';
import { type Buckets, bucketsOf } from './buckets.js';
import { MOST_SERIES, usageSql } from './sql.js';
import type { UsageSeries, UsageView } from './view.js';

interface Row {
  readonly zone: string;
  readonly position: bigint;
  readonly history: bigint;
  readonly reached: bigint;
  readonly counted_at: Date;
  readonly written_at: Date;
  readonly began: Date | null;
  readonly others: string;
  /** Null in the one row of an answer without series. */
  readonly place: number | null;
  /** Null: one of the others. */
  readonly rank: bigint | null;
  readonly key: string | null;
  readonly quota: string;
  readonly requests: string;
  readonly prompt_tokens: string;
  readonly completion_tokens: string;
}

export interface UsageMoment {
  readonly now: Date;
  /** IANA name of the zone in which days begin. */
  readonly timezone: string;
  /** Where the log ends. */
  readonly head: () => Promise<bigint>;
}

/** What calls cost by time, and by what they were of. Undefined while the tables are not there. */
export async function readUsage(
  db: Queryable,
  question: UsageQuestion,
  { now, timezone, head }: UsageMoment,
): Promise<UsageView | undefined> {
  const asked = bucketsOf(question, timezone);
  const { text, values } = usageSql(question, asked.bounds);
  const { rows } = await db.query<Row>(text, [...values]);
  const [first] = rows;
  if (!first) return undefined;
  const ofHistory = sourceOf(question) === 'history';
  const zone = ofHistory ? timezone : first.zone;
  const buckets = zone === timezone ? asked : bucketsOf(question, zone);
  const position = ofHistory ? first.history : first.reached;
  const isCurrent = await head().then(
    (end) => end <= position,
    () => false,
  );
  const known = knownBuckets(buckets, first.began, now);
  const ranks = [...new Set(rows.flatMap(({ rank }) => (rank === null ? [] : [rank])))].sort((a, b) =>
    a < b ? -1 : 1,
  );
  const named = await labels(db, question.groupBy, rows);
  const series = ranks.map((rank): UsageSeries => {
    const own = rows.filter((row) => row.rank === rank);
    return { ...named(own[0]?.key ?? ''), ...measures(own, known) };
  });
  const others = rows.filter(({ rank, place }) => rank === null && place !== null);
  return {
    timezone: zone,
    interval: question.interval,
    buckets: buckets.names,
    series,
    other: { keys: Number(first.others), ...measures(others, known) },
    total: {
      quota: sum(rows, 'quota'),
      requests: sum(rows, 'requests'),
      promptTokens: sum(rows, 'prompt_tokens'),
      completionTokens: sum(rows, 'completion_tokens'),
    },
    position,
    asOf: isCurrent ? now : position === first.position && !ofHistory ? first.counted_at : first.written_at,
  };
}

type Measure = 'quota' | 'requests' | 'prompt_tokens' | 'completion_tokens';

const sum = (rows: readonly Row[], measure: Measure): bigint =>
  rows.reduce((total, row) => (row.place === null ? total : total + BigInt(row[measure])), 0n);

/** Which of the buckets there can be data of. */
function knownBuckets({ names, bounds }: Buckets, began: Date | null, now: Date): readonly boolean[] {
  return names.map((_, index) => {
    const [start, end] = [bounds[index], bounds[index + 1]];
    return began !== null && start !== undefined && end !== undefined && end > began && start <= now;
  });
}

function measures(rows: readonly Row[], known: readonly boolean[]) {
  const byPlace = new Map(rows.map((row) => [row.place, row]));
  const values = (measure: Measure) =>
    known.map((isKnown, place) => {
      const row = byPlace.get(place);
      // What was counted is told, whatever the clock of this process says.
      return row ? BigInt(row[measure]) : isKnown ? 0n : null;
    });
  return {
    quota: values('quota'),
    requests: values('requests'),
    promptTokens: values('prompt_tokens'),
    completionTokens: values('completion_tokens'),
  };
}

interface Named {
  readonly id: string;
  readonly key: string;
  readonly label: string | null;
}

const names: Partial<Readonly<Record<UsageGrouping, string>>> = {
  key: `SELECT token_id::text AS id, token_id::text AS key, token_name AS label
        FROM ${schemaOf('tokens')}.tokens WHERE token_id = ANY($1::bigint[])`,
  user: `SELECT account_id::text AS id, external_user_id AS key, CASE WHEN NOT erased THEN username END AS label
         FROM ${schemaOf('accounts')}.accounts WHERE account_id = ANY($1::uuid[])`,
  channel: `SELECT channel_id AS id, channel_id AS key, settings ->> 'name' AS label
            FROM ${schemaOf('catalogue')}.channels WHERE channel_id = ANY($1)`,
};

/** What the series are called today: looked up for them alone. */
async function labels(
  db: Queryable,
  groupBy: UsageGrouping,
  rows: readonly Row[],
): Promise<(id: string) => Pick<UsageSeries, 'key' | 'label'>> {
  const sql = names[groupBy];
  const ids = [...new Set(rows.flatMap(({ key }) => (key === null ? [] : [key])))].slice(0, MOST_SERIES);
  if (sql === undefined || ids.length === 0) return (id) => ({ key: id, label: id });
  const { rows: found } = await db.query<Named>(sql, [ids]);
  const byId = new Map(found.map((each) => [each.id, each]));
  return (id) => {
    const { key = id, label } = byId.get(id) ?? {};
    return { key, label: label ?? '' };
  };
}
