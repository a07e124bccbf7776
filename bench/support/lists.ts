import type pg from 'pg';
import type { JobStore } from '../../src/jobs/job-store.js';
import { searchAccounts } from '../../src/projections/account/search.js';
import { countActs, newestActs } from '../../src/projections/act/query.js';
import { listDoubts } from '../../src/projections/doubt/query.js';
import { countGrants, listGrants } from '../../src/projections/grant/query.js';
import { countFlags, listFlags } from '../../src/projections/order/flag-list.js';
import { countOrders, listOrders } from '../../src/projections/order/query.js';
import { countPayments, newestPayments } from '../../src/projections/payment/newest.js';
import { countRefunds, listRefunds } from '../../src/projections/refund/query.js';
import { readBilling } from '../../src/projections/statistics/billing/rows.js';
import { countOwnKeys, listOwnKeys } from '../../src/projections/token/own-keys.js';
import { searchKeys } from '../../src/projections/token/search.js';
import { balancesAfter } from '../../src/projections/usage/balances-after.js';
import { countHistory } from '../../src/projections/usage/history-count.js';
import type { HistoryFilter } from '../../src/projections/usage/history-filter.js';
import { historyPage } from '../../src/projections/usage/history-page.js';
import type { PostgresOutbox } from '../../src/reactions/outbox/postgres-outbox.js';
import type { createOperatorTraces } from '../../src/stores/operator-traces.js';
import { accountOf } from './fill-read-models.js';

interface Stores {
  readonly outbox: PostgresOutbox;
  readonly traces: ReturnType<typeof createOperatorTraces>;
  readonly jobs: JobStore;
}

type List = readonly [name: string, ask: () => Promise<unknown>];

const LIMIT = 50;
/** As far as endpoints count. */
const MOST = 10_000;
const NOBODY = 'there-is-no-such-user';

/** A list that is read before a place and counted up to a bound, in some looks at it. */
function looks<Filter>(
  name: string,
  page: (
    filter: Filter,
    place: { readonly before: bigint | undefined; readonly limit: number },
  ) => Promise<unknown>,
  count: (filter: Filter) => Promise<unknown>,
  middle: bigint,
  filters: Readonly<Record<string, Filter>>,
): readonly List[] {
  const ask = (filter: Filter, before?: bigint) => () =>
    Promise.all([page(filter, { before, limit: LIMIT }), count(filter)]);
  return Object.entries(filters).flatMap(([what, filter], index) => [
    [`${name}, ${what}`, ask(filter)] as const,
    ...(index === 0 ? [[`${name}, middle`, ask(filter, middle)] as const] : []),
  ]);
}

/** All lists there are, as their endpoints ask. */
export function listsOf(
  pool: pg.Pool,
  { outbox, traces, jobs }: Stores,
  { rows, others }: { readonly rows: number; readonly others: number },
): readonly List[] {
  const giant = accountOf(0);
  const middle = BigInt(Math.floor(others / 2));
  const day = { from: new Date('2026-10-20T00:00:00Z'), until: new Date('2026-10-21T00:00:00Z') };
  const history = looks<HistoryFilter>(
    'Admin logs',
    (filter, place) => historyPage(pool, filter, place),
    (filter) => countHistory(pool, filter, MOST),
    BigInt(Math.floor(rows / 2)),
    {
      first: {},
      'a user': { accountId: giant },
      'a channel and type': { channelId: 'channel-3', type: 'error' },
      'a model that there is none of': { model: 'model-x' },
      'a group that there is none of': { group: 'none' },
      'a type that there is none of, on a day': { type: 'topup', ...day },
      'an id that there is none of': { reference: 'none' },
    },
  );
  const own = looks<HistoryFilter>(
    'Portal logs',
    async (filter, place) => balancesAfter(pool, giant, await historyPage(pool, filter, place)),
    (filter) => countHistory(pool, filter, MOST),
    BigInt(Math.floor(rows / 2)),
    {
      first: { accountId: giant },
      'a model that there is none of': { accountId: giant, model: 'model-x' },
      'a type that there is none of': { accountId: giant, type: 'topup' },
      'a key and model': { accountId: giant, tokenId: 1, model: 'model-3' },
      'an id that there is none of': { accountId: giant, reference: 'none' },
    },
  );
  return [
    ...history,
    ...own,
    ...moneyLists(pool, giant, middle),
    ...peopleLists(pool, giant, middle),
    ['traces, first', () => traces.list({}, { after: 0, limit: LIMIT })],
    ['traces, a name that there is none of', () => traces.list({ name: NOBODY }, { after: 0, limit: LIMIT })],
    ['outbox, first', () => outbox.list({ limit: LIMIT })],
    ['outbox, dead ones, of which there are none', () => outbox.list({ state: 'dead', limit: LIMIT })],
    ['outbox, a receiver that there is none of', () => outbox.list({ receiver: NOBODY, limit: LIMIT })],
    ['jobs, first', () => jobs.list({}, { limit: LIMIT })],
    ['jobs, a type that there is none of', () => jobs.list({ type: 'rebuild' }, { limit: LIMIT })],
  ];
}

function moneyLists(pool: pg.Pool, giant: string, middle: bigint): readonly List[] {
  return [
    ['Portal billing, first', () => readBilling(pool, giant, {}, { limit: LIMIT })],
    [
      'Portal billing, a type that there is none of',
      () => readBilling(pool, giant, { type: 'refund' }, { limit: LIMIT }),
    ],
    ...looks<Parameters<typeof newestPayments>[1]>(
      'payments',
      (filter, place) => newestPayments(pool, filter, place),
      (filter) => countPayments(pool, filter, MOST),
      middle,
      {
        first: {},
        'a user': { externalUserId: 'user-0' },
        'a user that there is none of': { externalUserId: NOBODY },
        'an id': { paymentId: 'order-77' },
      },
    ),
    ...looks<Parameters<typeof listOrders>[1]>(
      'orders',
      (filter, place) => listOrders(pool, filter, place),
      (filter) => countOrders(pool, filter, MOST),
      middle,
      {
        first: {},
        'of one account (Portal)': { accountId: giant },
        'of one account, failed (Portal billing)': { accountId: giant, status: 'failed' },
        'a user that there is none of': { externalUserId: NOBODY },
        'a user of few': { externalUserId: 'user-77' },
        'a stage that there is none of': { stage: 'failed' },
        'a provider that there is none of': { providerId: 'none' },
        'an id of a provider': { id: 'payment-77' },
        'an id that there is none of': { id: 'none' },
      },
    ),
    ...looks<Parameters<typeof listFlags>[1]>(
      'order flags',
      (filter, place) => listFlags(pool, filter, place),
      (filter) => countFlags(pool, filter, MOST),
      middle,
      { first: {}, open: { state: 'open' }, settled: { state: 'settled' } },
    ),
    ...looks<Parameters<typeof listRefunds>[1]>(
      'refunds',
      (filter, place) => listRefunds(pool, filter, place),
      (filter) => countRefunds(pool, filter, MOST),
      middle,
      { first: {}, open: { state: 'open' }, 'an order without': { orderId: 'none' } },
    ),
    ...looks<Parameters<typeof listGrants>[1]>(
      'grants',
      (filter, place) => listGrants(pool, filter, place),
      (filter) => countGrants(pool, filter, MOST),
      middle,
      {
        first: {},
        open: { state: 'open' },
        'of one account (Portal)': { accountId: giant },
        'a user that there is none of': { externalUserId: NOBODY },
      },
    ),
  ];
}

function peopleLists(pool: pg.Pool, giant: string, middle: bigint): readonly List[] {
  const first = { after: 0, limit: LIMIT };
  return [
    ['users, first', () => searchAccounts(pool, {}, first)],
    ['users, middle', () => searchAccounts(pool, {}, { after: 50_000, limit: LIMIT })],
    ['users, suspended, of whom there are none', () => searchAccounts(pool, { status: 'suspended' }, first)],
    ['users, a group that there is none of', () => searchAccounts(pool, { group: 'none' }, first)],
    ['users, a part of a name that nobody has', () => searchAccounts(pool, { text: NOBODY }, first)],
    ['Admin keys, first', () => searchKeys(pool, {}, first)],
    ['Admin keys, a user that there is none of', () => searchKeys(pool, { externalUserId: NOBODY }, first)],
    ['Admin keys, a user', () => searchKeys(pool, { externalUserId: 'user-77777' }, first)],
    ['Admin keys, a part of a name that none has', () => searchKeys(pool, { text: NOBODY }, first)],
    [
      'Portal keys',
      () =>
        Promise.all([
          listOwnKeys(pool, giant, { before: undefined, limit: LIMIT }),
          countOwnKeys(pool, giant, MOST),
        ]),
    ],
    ...looks<Parameters<typeof newestActs>[1]>(
      'acts',
      (filter, place) => newestActs(pool, filter, place),
      (filter) => countActs(pool, filter, MOST),
      middle,
      {
        first: {},
        'an operator that there is none of': { actor: 'operator:none' },
        'a thing that there is none of': { stream: 'none' },
        'days without any': { from: new Date('2020-01-01'), until: new Date('2020-02-01') },
        'a day': { from: new Date('2026-10-20'), until: new Date('2026-10-21') },
      },
    ),
    ['doubts, first', () => listDoubts(pool, {}, LIMIT)],
    ['doubts, open', () => listDoubts(pool, { state: 'open' }, LIMIT)],
    [
      'doubts, settled, of a user that there is none of',
      () => listDoubts(pool, { state: 'settled', externalUserId: NOBODY }, LIMIT),
    ],
    ['doubts, of a model that there is none of', () => listDoubts(pool, { model: 'model-x' }, LIMIT)],
  ];
}
