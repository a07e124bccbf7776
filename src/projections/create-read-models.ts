import { withDeadline } from '../support/deadline.js';
import { findAccount, type OpenPersonal } from './account/query.js';
import { searchAccounts } from './account/search.js';
import { readCatalogue } from './catalogue/query.js';
import { listPayments } from './payment/list.js';
import { countOpenDoubts, findDoubt, listDoubts } from './doubt/query.js';
import { findPayment } from './payment/query.js';
import type { ReadModels } from './read-models.js';
import type { Queryable } from './runtime/projection.js';
import type { PositionWaiter } from './runtime/waiter.js';
import { readSettings } from './setting/query.js';
import { readModelUsage } from './statistics/query.js';
import { findAccessKey, listTokens } from './token/query.js';
import { findLogs, findRecentLogs } from './usage/query.js';

export interface ReadModelsOptions {
  readonly pool: Queryable;
  readonly openPersonal: OpenPersonal;
  readonly waiter: PositionWaiter;
  /** The position of the last charge that the account is known to have settled and that is not in the read models yet. */
  readonly settledAt: (accountId: string) => Promise<bigint | undefined>;
}

/** The read side on PostgreSQL. The tables must be there: a projector makes them when it starts. */
export function createReadModels({ pool, openPersonal, waiter, settledAt }: ReadModelsOptions): ReadModels {
  return {
    waitFor: (position, timeoutMs) => waiter.waitFor(position, timeoutMs),
    waitForSettled: async (accountId, timeoutMs) => {
      const startedMs = performance.now();
      const position = await withDeadline(settledAt(accountId), timeoutMs).catch(() => undefined);
      if (position === undefined) return;
      await waiter.waitFor(position, Math.max(0, timeoutMs - (performance.now() - startedMs)));
    },
    account: (externalUserId) => findAccount(pool, openPersonal, externalUserId),
    payment: (paymentId) => findPayment(pool, paymentId),
    payments: (filter, page) => listPayments(pool, filter, page),
    accounts: (page) => searchAccounts(pool, {}, page),
    tokens: (accountId) => listTokens(pool, accountId),
    accessKey: (keyHash) => findAccessKey(pool, keyHash),
    logs: (accountId, filter, page) => findLogs(pool, accountId, filter, page),
    recentLogs: (accountId, limit) => findRecentLogs(pool, accountId, limit),
    modelUsage: (accountId) => readModelUsage(pool, accountId),
    catalogue: () => readCatalogue(pool),
    doubts: (filter, limit) => listDoubts(pool, filter, limit),
    doubt: (id) => findDoubt(pool, id),
    openDoubts: () => countOpenDoubts(pool),
    settings: () => readSettings(pool),
  };
}
