import type { OpenTexts } from '../support/personal-data-vault.js';
import { withDeadline } from '../support/deadline.js';
import { findAccount, type OpenPersonal, usernameOf } from './account/query.js';
import { searchAccounts } from './account/search.js';
import { countCodeBatches, findCodeBatch, listCodeBatches } from './code/query.js';
import { readCatalogue } from './catalogue/query.js';
import { listPayments } from './payment/list.js';
import { countOpenDoubts, findDoubt, listDoubts } from './doubt/query.js';
import { countGrants, findGrant, listGrants } from './grant/query.js';
import { findPayment } from './payment/query.js';
import type { ReadModels } from './read-models.js';
import type { Queryable } from './runtime/projection.js';
import { openedRows } from './runtime/opened-rows.js';
import type { PositionWaiter } from './runtime/waiter.js';
import { readSettings } from './setting/query.js';
import { countSubscriptions, listPlans, listSubscriptions } from './subscription/query.js';
import { readModelUsage } from './statistics/query.js';
import { readUsage } from './statistics/usage/query.js';
import { countTeams, findTeam, listTeams, teamsOfMember } from './team/query.js';
import { findAccessKey, listTokens } from './token/query.js';
import { findCall, findWallet } from './token/wallet.js';
import { NO_LOGS } from './usage/log-row.js';
import { findLogs, findRecentLogs } from './usage/query.js';

export interface ReadModelsOptions {
  readonly pool: Queryable;
  readonly openPersonal: OpenPersonal;
  readonly openTexts: OpenTexts;
  readonly waiter: PositionWaiter;
  /** Where the log ends. */
  readonly head: () => Promise<bigint>;
  /** The position of the last charge that the account is known to have settled and that is not in the read models yet. */
  readonly settledAt: (accountId: string) => Promise<bigint | undefined>;
}

/** The read side on PostgreSQL. The tables must be there: a projector makes them when it starts. */
export function createReadModels(options: ReadModelsOptions): ReadModels {
  const { openPersonal, openTexts, waiter, settledAt } = options;
  const pool = openedRows(options.pool, openTexts);
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
    accessKey: (keyHash) => findAccessKey(options.pool, openTexts, keyHash),
    wallet: (tokenId) => findWallet(pool, tokenId, new Date()),
    call: (tokenId, id) => findCall(pool, tokenId, id),
    logs: async (accountId, filter, page) => {
      const { username } = filter;
      // The name is sealed in the table, so that it is compared here, and not by the query.
      const isOther = username !== undefined && (await usernameOf(pool, accountId)) !== username;
      return isOther ? NO_LOGS : findLogs(pool, accountId, filter, page);
    },
    recentLogs: (accountId, limit) => findRecentLogs(pool, accountId, limit),
    modelUsage: (accountId) => readModelUsage(pool, accountId),
    usage: (question, moment) => readUsage(pool, question, { ...moment, head: options.head }),
    catalogue: () => readCatalogue(pool),
    doubts: (filter, limit) => listDoubts(pool, filter, limit),
    doubt: (id) => findDoubt(pool, id),
    grants: (filter, page) => listGrants(pool, filter, page),
    countGrants: (filter, most) => countGrants(pool, filter, most),
    grant: (grantId) => findGrant(pool, grantId),
    codeBatches: (page) => listCodeBatches(pool, page),
    countCodeBatches: (most) => countCodeBatches(pool, most),
    codeBatch: (batchId) => findCodeBatch(pool, batchId),
    plans: (planId) => listPlans(pool, planId),
    subscriptions: (filter, page) => listSubscriptions(pool, filter, page),
    countSubscriptions: (filter, most) => countSubscriptions(pool, filter, most),
    teams: (page) => listTeams(pool, page),
    countTeams: (most) => countTeams(pool, most),
    team: (teamId, now) => findTeam(pool, teamId, now),
    teamsOfMember: (memberId, now) => teamsOfMember(pool, memberId, now),
    openDoubts: () => countOpenDoubts(pool),
    settings: () => readSettings(pool),
  };
}
