import { parseConnectionString } from '../eventstore/eventstoredb/connection-string.js';
import type { Config } from '../config.js';
import type { Log } from '../support/log.js';

export type { Rights } from '../eventstore/eventstoredb/rights.js';

const DEADLINE_MS = 5_000;

/** What looks at rights and writes them: it needs the client of the server, which is loaded where there is one. */
export const loadRights = () => import('../eventstore/eventstoredb/rights.js');

/** Warns while everybody can log in to the event store as its administrator. Never rejects: it is a warning. */
export async function warnOfOpenDoor({
  config,
  log,
}: {
  readonly config: Pick<Config, 'eventStoreUrl'>;
  readonly log: Pick<Log, 'warn'>;
}): Promise<void> {
  const { eventStoreUrl: connectionString } = config;
  if (connectionString === undefined) return;
  if (!parseConnectionString(connectionString).encrypted)
    return log.warn(
      {},
      'the event store is spoken to without TLS: it asks nobody for a password, and whoever reaches it can delete payments (docs/operators.md, "Rights of EventStoreDB")',
    );
  const { hasDefaultPassword, isOpenToDeletion } = await loadRights();
  const options = { connectionString, deadlineMs: DEADLINE_MS };
  if (await hasDefaultPassword(options).catch(() => false))
    log.warn(
      {},
      'admin:changeit opens the event store: whoever reaches it can delete payments. Change the password, and run counterfoil eventstore secure (docs/operators.md, "Rights of EventStoreDB")',
    );
  // Who may not know it is no administrator.
  if (await isOpenToDeletion(options).catch(() => false))
    log.warn(
      {},
      'the event store has not the rights that counterfoil eventstore secure writes: whoever may log in may be able to delete payments (docs/operators.md, "Rights of EventStoreDB")',
    );
}
