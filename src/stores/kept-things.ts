import type pg from 'pg';

interface Kept {
  readonly accountId: string;
  readonly channelId: string;
  readonly keyId: string;
  readonly tokens: number;
}

interface Row {
  readonly id: string;
  readonly account_id: string;
  readonly channel_id: string;
  readonly key_id: string;
  readonly tokens: bigint;
}

const KEPT_DAYS = 30;
/** An account's oldest beyond so many are forgotten. */
const MAX_OF_ACCOUNT = 100_000;
/** Of one call: the response itself, and its items. */
const MAX_OF_CALL = 1_000;
/** The record is tidied once for so many calls that leave something, in each process. */
const CALLS_BETWEEN_TIDYING = 1_000;
const MAX_FORGOTTEN_AT_ONCE = 50_000;

/** What calls left at upstreams, in the database, so that all processes know it. Bounded by age, and in number by account. */
export function createKeptThings(pool: Pick<pg.Pool, 'query'>, maxOfAccount = MAX_OF_ACCOUNT) {
  let calls = 0;
  return {
    async find(accountId: string, ids: readonly string[]): Promise<ReadonlyMap<string, Kept>> {
      const { rows } = await pool.query<Row>({
        name: 'kept-find',
        text: `SELECT DISTINCT ON (id) id, account_id, channel_id, key_id, tokens FROM kept_things
               WHERE id = ANY ($2) AND kept_at > now() - interval '${KEPT_DAYS} days'
               ORDER BY id, account_id = $1 DESC`,
        values: [accountId, ids],
      });
      return new Map(rows.map((row) => [row.id, keptOf(row)]));
    },
    async keep({ accountId, channelId, keyId, tokens }: Kept, ids: readonly string[]): Promise<void> {
      // A key's row is locked by the first call of an account only: all calls with the key would wait for one another.
      await pool.query({
        name: 'kept-keep',
        text: `WITH key AS (
                 INSERT INTO kept_keys AS k (channel_id, key_id, sole_account)
                 SELECT $2, $3, $1 WHERE NOT EXISTS (
                   SELECT FROM kept_keys WHERE channel_id = $2 AND key_id = $3
                     AND (sole_account IS NULL OR sole_account = $1))
                 ON CONFLICT (channel_id, key_id) DO UPDATE SET sole_account = NULL
                   WHERE k.sole_account <> excluded.sole_account)
               INSERT INTO kept_things (id, account_id, channel_id, key_id, tokens)
               SELECT id, $1, $2, $3, $4 FROM unnest($5::text[]) AS id GROUP BY id ORDER BY id
               ON CONFLICT (id, account_id) DO UPDATE
                 SET channel_id = excluded.channel_id, key_id = excluded.key_id, tokens = excluded.tokens, kept_at = now()`,
        values: [accountId, channelId, keyId, tokens, ids.slice(0, MAX_OF_CALL)],
      });
      if (++calls % CALLS_BETWEEN_TIDYING === 1) await tidy(pool, accountId, maxOfAccount);
    },
    async forget(accountId: string, id: string): Promise<void> {
      await pool.query('DELETE FROM kept_things WHERE id = $1 AND account_id = $2', [id, accountId]);
    },
    async sharedKeys(accountId: string): Promise<ReadonlySet<string>> {
      const { rows } = await pool.query<Row>(
        'SELECT channel_id, key_id FROM kept_keys WHERE sole_account IS DISTINCT FROM $1',
        [accountId],
      );
      return new Set(rows.map(({ channel_id, key_id }) => `${channel_id}/${key_id}`));
    },
  };
}

const keptOf = ({ account_id, channel_id, key_id, tokens }: Row): Kept => ({
  accountId: account_id,
  channelId: channel_id,
  keyId: key_id,
  tokens: Number(tokens),
});

/** A thousandth of the calls do this for the others, so a process that leaves much also tidies much. */
async function tidy(pool: Pick<pg.Pool, 'query'>, accountId: string, maxOfAccount: number): Promise<void> {
  await pool.query(
    `DELETE FROM kept_things WHERE ctid = ANY (ARRAY(
       SELECT ctid FROM kept_things WHERE kept_at <= now() - interval '${KEPT_DAYS} days' LIMIT ${MAX_FORGOTTEN_AT_ONCE}))`,
  );
  await pool.query(
    `DELETE FROM kept_things WHERE ctid = ANY (ARRAY(
       SELECT ctid FROM kept_things WHERE account_id = $1
       ORDER BY kept_at DESC OFFSET $2 LIMIT ${MAX_FORGOTTEN_AT_ONCE}))`,
    [accountId, maxOfAccount],
  );
}
