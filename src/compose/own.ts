import type { Audit } from '../books/audit/audit.js';
import { CacheUnavailable, type CachedBalance } from '../balance/cached-balance.js';
import { existingAccount } from '../http/endpoint.js';
import { caughtUp } from '../http/freshness.js';
import type { OfferedProofs, OwnHistoryEntry, OwnOf } from '../http/people/own.js';
import type { HttpSettings } from '../http/ports.js';
import type { Receipts } from '../books/receipts.js';
import { asked } from '../http/routes/audit/failures.js';
import { readFirstSteps } from '../projections/account/first-steps.js';
import type { ReadModels } from '../projections/read-models.js';
import { openedRows } from '../projections/runtime/opened-rows.js';
import type { Queryable } from '../projections/runtime/projection.js';
import { readBilling, readConsumption } from '../projections/statistics/billing/rows.js';
import { readBilledModels, readMonths, readRange } from '../projections/statistics/billing/sums.js';
import { countOwnKeys, findOwnKey, listOwnKeys } from '../projections/token/own-keys.js';
import { balancesAfter } from '../projections/usage/balances-after.js';
import { countFailures } from '../projections/usage/failures.js';
import { countHistory } from '../projections/usage/history-count.js';
import { type HistoryEntry, historyEntry, historyPage } from '../projections/usage/history-page.js';
import type { OpenTexts } from '../support/personal-data-vault.js';

export interface OwnOptions {
  readonly pool: Queryable;
  readonly openTexts: OpenTexts;
  readonly readModels: ReadModels;
  readonly audit: Pick<Audit, 'explain'>;
  readonly receipts: Receipts;
  readonly offeredProofs: () => Promise<OfferedProofs>;
  readonly cachedBalance: Pick<CachedBalance, 'view'>;
  readonly settings: Pick<HttpSettings, 'timezone' | 'minPositionWaitMs' | 'settledWaitMs'>;
}

/** What people may read of the ledger: each of one account, which no request names. */
export function openOwn(options: OwnOptions): OwnOf {
  const { pool, readModels, audit, cachedBalance, settings } = options;
  const readable = openedRows(pool, options.openTexts);
  const withBalances = async (accountId: string, rows: readonly HistoryEntry[]) => {
    const balances = await balancesAfter(pool, accountId, rows);
    return rows.map((row) => ownEntry(row, balances?.get(row.id) ?? null));
  };
  return ({ accountId, externalUserId }) => ({
    caughtUp: (min) => caughtUp({ readModels, settings }, { externalUserId, min }),
    account: () => existingAccount({ readModels }, externalUserId),
    held: async () => {
      try {
        // Nothing is cached of an account of which no call came lately.
        return (await cachedBalance.view(`account:${accountId}`))?.held ?? 0n;
      } catch (error) {
        if (error instanceof CacheUnavailable) return undefined;
        throw error;
      }
    },
    firstSteps: () => readFirstSteps(pool, accountId),
    keys: (page) => listOwnKeys(readable, accountId, page),
    countKeys: (most) => countOwnKeys(pool, accountId, most),
    key: (tokenId) => findOwnKey(readable, accountId, tokenId),
    usage: (question, now) =>
      readModels.usage(
        { ...question, filter: { ...question.filter, accountId } },
        { now, timezone: settings.timezone },
      ),
    history: async (filter, page) =>
      withBalances(accountId, await historyPage(readable, { ...filter, accountId }, page)),
    countFailures: (of) => countFailures(pool, accountId, of),
    countHistory: (filter, most) => countHistory(pool, { ...filter, accountId }, most),
    historyEntry: async (position) => {
      const row = await historyEntry(readable, position, accountId);
      return row && (await withBalances(accountId, [row]))[0];
    },
    grants: (limit) => readModels.grants({ accountId }, { limit }),
    grant: async (grantId) => {
      const found = await readModels.grant(grantId);
      return found?.externalUserId === externalUserId ? found : undefined;
    },
    plans: (planId) => readModels.plans(planId),
    subscriptions: (limit) => readModels.subscriptions({ accountId }, { limit }),
    team: (now) => readModels.team(accountId, now),
    memberships: (now) => readModels.teamsOfMember(accountId, now),
    billing: (filter, page) => readBilling(readable, accountId, filter, page),
    billingRange: (range) => readRange(pool, accountId, range),
    billingMonths: () => readMonths(pool, accountId),
    billedModels: (range) => readBilledModels(pool, accountId, range),
    consumption: (of) => readConsumption(readable, accountId, of),
    balanceProof: (asOf) => options.receipts.ofBalance({ externalUserId, asOf }),
    receipt: ({ id, reference }) => options.receipts.of({ figure: reference, externalUserId, position: id }),
    proofs: options.offeredProofs,
    explain: async (id) => (await asked(audit.explain(id, accountId))).data,
  });
}

/** By name, so that nothing comes along that is not the person's business. */
const ownEntry = (row: HistoryEntry, balanceAfter: bigint | null): OwnHistoryEntry => ({
  id: row.id,
  at: row.at,
  type: row.type,
  tokenId: row.tokenId,
  tokenName: row.tokenName,
  model: row.model,
  promptTokens: row.promptTokens,
  completionTokens: row.completionTokens,
  spendQuota: row.spendQuota,
  requestId: row.requestId,
  reference: row.reference,
  durationMs: row.durationMs,
  code: row.code,
  balanceAfter,
});
