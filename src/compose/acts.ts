import type pg from 'pg';
import { actsTold } from '../books/audit/acts.js';
import type { EventStore } from '../eventstore/event-store.js';
import type { Acts } from '../http/operators/acts.js';
import { countActs, newestActs } from '../projections/act/query.js';
import { opened } from '../support/opened.js';
import type { PersonalDataVault } from '../support/personal-data-vault.js';

/** Where operators' events are is in a table; what they say is read from the log, page by page. */
export const createActs = ({
  pool,
  store,
  vault,
}: {
  readonly pool: pg.Pool;
  readonly store: EventStore;
  readonly vault: PersonalDataVault;
}): Acts => ({
  list: async (filter, page) =>
    opened(vault.openTexts, await actsTold(store, await newestActs(pool, filter, page))),
  count: (filter, most) => countActs(pool, filter, most),
});
