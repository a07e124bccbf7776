import { hasDefaultPassword } from '../eventstore/eventstoredb/rights.js';
import { parseConnectionString } from '../eventstore/eventstoredb/connection-string.js';
import type { Base } from './base.js';

export { lookAtRights, type Rights, writeRights } from '../eventstore/eventstoredb/rights.js';

const DEADLINE_MS = 5_000;

/** Warns while everybody can log in to the event store as its administrator. Never rejects: it is a warning. */
export async function warnOfOpenDoor({ config, log }: Pick<Base, 'config' | 'log'>): Promise<void> {
  const { eventStoreUrl: connectionString } = config;
  if (connectionString === undefined) return;
  if (!parseConnectionString(connectionString).encrypted)
    return log.warn(
      'the event store is spoken to without TLS: it asks nobody for a password, and whoever reaches it can delete payments (docs/operators.md, "Rights of EventStoreDB")',
    );
  const isOpen = await hasDefaultPassword({ connectionString, deadlineMs: DEADLINE_MS }).catch(() => false);
  if (isOpen)
    log.warn(
      'admin:changeit opens the event store: whoever reaches it can delete payments. Change the password, and run counterfoil eventstore secure (docs/operators.md, "Rights of EventStoreDB")',
    );
}
