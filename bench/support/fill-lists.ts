import type pg from 'pg';
import { acts } from '../../src/projections/act/projector.js';
import { doubts } from '../../src/projections/doubt/projector.js';
import { grants } from '../../src/projections/grant/projector.js';
import { orders } from '../../src/projections/order/projector.js';
import { sentRefunds } from '../../src/projections/refund/projector.js';
import { subscriptions } from '../../src/projections/subscription/projector.js';
import { createIndexes, createTables } from '../../src/projections/runtime/install.js';
import { schemaOf } from '../../src/projections/runtime/projection.js';

/** Nothing here may end for its length. */
const NO_LIMIT_MS = 6 * 3_600_000;
const FIRST = `timestamptz '2026-10-01'`;
/** A row's account: a tenth of all are of account 0. */
const ACCOUNT = `('00000000-0000-4000-8000-' || lpad(to_hex(CASE WHEN n % 10 = 0 THEN 0 ELSE 1 + (n::bigint * 2654435761 % ($2::int - 1))::int END), 12, '0'))::uuid`;
const AT = `${FIRST} + n * interval '1 second' * (5270400::float / $1::int)`;
const ID = `('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid`;

/** What each list is of, by $1 rows of $2 accounts; n counts from 0. */
const FILLED: readonly (readonly [table: string, columns: string, values: string])[] = [
  [
    `${schemaOf('payments')}.payments`,
    'payment_id, account_id, amount_usd, quota, credited_by, position, recorded_at',
    `'order-' || n, ${ACCOUNT}, '10', 5000000, 'service:shop', n, ${AT}`,
  ],
  [
    `${schemaOf('orders')}.orders`,
    `order_id, account_id, purpose, provider_id, provider_revision, method, currency, list_minor, discount_minor, fee_minor, pay_minor,
     rate, credit_usd, bonus_quota, expires_at, placed_by, position, placed_at, status, checkout_ref, provider_payment, paid_minor, paid_at,
     seen_by, seen_at, credited_at`,
    `'order-' || n, ${ACCOUNT}, 'topup', 'provider-' || n % 3, 1, 'card', 'CNY', 7100, 0, 0, 7100, '7.10', '10', 0, ${AT}, 'user', n, ${AT},
     CASE n % 20 WHEN 0 THEN 'expired' WHEN 1 THEN 'cancelled' ELSE 'paid' END, 'checkout-' || n, 'payment-' || n, 7100, ${AT},
     'webhook', CASE WHEN n % 20 > 1 THEN ${AT} END, CASE WHEN n % 20 > 1 THEN ${AT} END`,
  ],
  [
    `${schemaOf('orders')}.order_flags`,
    `flag_id, account_id, order_id, kind, provider_payment, amount_minor, currency, merchant, paid_at, seen_by, position, raised_at,
     decision, settled_by, settled_because, settled_at`,
    `${ID}, ${ACCOUNT}, 'order-' || n, 'underpaid', 'payment-' || n, 1, 'CNY', 'm', ${AT}, 'webhook', n, ${AT},
     CASE WHEN n % 1000 > 0 THEN 'refunded' END, 'operator:a', 'seen', ${AT}`,
  ],
  [
    `${schemaOf('sent-refunds')}.sent_refunds`,
    `refund_id, order_id, account_id, provider_id, provider_revision, provider_payment, currency, amount_minor, reason, requested_by,
     position, requested_at, status, ended_at`,
    `'refund-' || n, 'order-' || n, ${ACCOUNT}, 'provider-0', 1, 'payment-' || n, 'CNY', 1, 'asked', 'operator:a', n, ${AT},
     CASE WHEN n % 1000 = 0 THEN 'sent' ELSE 'succeeded' END, CASE WHEN n % 1000 > 0 THEN ${AT} END`,
  ],
  [
    `${schemaOf('acts')}.acts`,
    'position, recorded_at, actor, type, stream, revision',
    `n, ${AT}, 'operator:' || n % 7, 'setting-changed', 'stream-' || n % 1000, n`,
  ],
  [
    `${schemaOf('grants')}.lots`,
    'position, account_id, origin, reference, priority, quota, remaining, is_closed',
    `n, ${ACCOUNT}, 'granted', n::text, 50, 100, CASE WHEN n % 10 < 3 THEN 40 ELSE 0 END, false`,
  ],
  [
    `${schemaOf('grants')}.grants`,
    'grant_id, account_id, kind, source, quota, priority, reason, given_by, position, given_at, status, expired, withdrawn',
    `${ID}, ${ACCOUNT}, 'gift', 'g-' || n, 100, 50, 'hello', 'operator:a', n, ${AT}, 'open', 0, 0`,
  ],
  [
    `${schemaOf('doubts')}.doubts`,
    `call_id, account_id, request_id, token_id, model, prompt_tokens, completion_tokens, quota, reason, reported, position, recorded_at,
     adjusted, settled_by, settled_because, settled_at`,
    `${ID}, ${ACCOUNT}, 'r-' || n, 1, 'model-' || n % 20, 1, 1, 1, 'too-large', '{}', n, ${AT}, CASE WHEN n % 1000 > 0 THEN 0 END,
     'operator:a', 'seen', ${AT}`,
  ],
  [
    'operator_traces',
    'hour, kind, name, address_block, reason, route, first_at, last_at',
    `${AT}, 'login', 'operator-' || n % 50, '10.0.' || n % 250 || '.1', n::text, '', ${AT}, ${AT}`,
  ],
  [
    'outbox',
    'id, receiver, kind, payload, source, state, created_at, ended_at',
    `${ID}, 'receiver-' || n % 5, 'alert', '{}', 'source-' || n % 9, 'delivered', ${AT}, ${AT}`,
  ],
  [
    'jobs',
    'id, type, input, started_by, state, created_at, ended_at, alive_until',
    `${ID}, 'verify', '{}', 'operator:a', 'finished', ${AT}, ${AT}, ${AT}`,
  ],
];

/** Keys: five an account. */
const KEYS = `INSERT INTO ${schemaOf('tokens')}.tokens
  SELECT n + 1, ('00000000-0000-4000-8000-' || lpad(to_hex(n / 5), 12, '0'))::uuid, 'key-' || n % 5, 'hash-' || n, 'sk-' || n, false,
    false, '{"expires_at":null,"quota_limit":null,"models":[],"allow_ips":[],"group":null}', NULL, ${FIRST}, 0
  FROM generate_series(0, 5 * $1::int - 1) n`;

/** Beside what `fillReadModels` made: all else that is listed, so many rows of each. */
export async function fillLists(
  pool: pg.Pool,
  { rows, accounts }: { readonly rows: number; readonly accounts: number },
): Promise<void> {
  const client = await pool.connect();
  const slow = (text: string, values: unknown[] = []) =>
    client.query({ text, values, query_timeout: NO_LIMIT_MS } as pg.QueryConfig);
  try {
    await client.query('SET statement_timeout = 0');
    const projections = [orders, sentRefunds, acts, grants, doubts, subscriptions];
    for (const projection of projections) await createTables(client, projection, 'live');
    await slow(KEYS, [accounts]);
    for (const [table, columns, values] of FILLED)
      await slow(
        `INSERT INTO ${table} (${columns}) SELECT ${values} FROM (SELECT n, $2::int FROM generate_series(0, $1::int - 1) n) numbered`,
        [rows, accounts],
      );
    await client.query('BEGIN');
    for (const projection of projections) await createIndexes(client, projection, 'live');
    await client.query('COMMIT');
    await slow('VACUUM (ANALYZE)');
  } finally {
    client.release();
  }
}
