import { findAccount, type OpenPersonal } from './account/query.js';
import { readCatalogue } from './catalogue/query.js';
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
}

/** The read side on PostgreSQL. The tables must be there: a projector makes them when it starts. */
export function createReadModels({ pool, openPersonal, waiter }: ReadModelsOptions): ReadModels {
  return {
    waitFor: (position, timeoutMs) => waiter.waitFor(position, timeoutMs),
    account: (externalUserId) => findAccount(pool, openPersonal, externalUserId),
    payment: (paymentId) => findPayment(pool, paymentId),
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
