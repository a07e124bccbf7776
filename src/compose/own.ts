import { CacheUnavailable, type CachedBalance } from '../balance/cached-balance.js';
import { existingAccount } from '../http/endpoint.js';
import { caughtUp } from '../http/freshness.js';
import type { OwnOf } from '../http/people/own.js';
import type { HttpSettings } from '../http/ports.js';
import { readFirstSteps } from '../projections/account/first-steps.js';
import type { ReadModels } from '../projections/read-models.js';
import { openedRows } from '../projections/runtime/opened-rows.js';
import type { Queryable } from '../projections/runtime/projection.js';
import { countOwnKeys, findOwnKey, listOwnKeys } from '../projections/token/own-keys.js';
import type { OpenTexts } from '../support/personal-data-vault.js';

export interface OwnOptions {
  readonly pool: Queryable;
  readonly openTexts: OpenTexts;
  readonly readModels: ReadModels;
  readonly cachedBalance: Pick<CachedBalance, 'view'>;
  readonly settings: Pick<HttpSettings, 'timezone' | 'minPositionWaitMs' | 'settledWaitMs'>;
}

/** What people may read of the ledger: each of one account, which no request names. */
export function openOwn(options: OwnOptions): OwnOf {
  const { pool, readModels, cachedBalance, settings } = options;
  const readable = openedRows(pool, options.openTexts);
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
  });
}
