import { randomUUID } from 'node:crypto';
import { newCallId } from '../domain/usage/call-id.js';
import { nextWriterLane } from '../stores/numeric-ids.js';
import type { Config } from '../config.js';
import type { Database } from './database.js';
import { shutOutOlder } from './older-versions.js';

/**
 * Makes the ids of the calls of this process, which has the next lane. Where they say that charges go to streams of the process, no version
 * may work on the ledger that cannot read them.
 *
 * @throws when one does
 */
export async function openCallIds({
  config: { usageStreams: form },
  database,
}: {
  readonly config: Pick<Config, 'usageStreams'>;
  readonly database: Pick<Database, 'pool' | 'ownerUrl'>;
}): Promise<() => string> {
  if (form === 'process')
    await shutOutOlder(database, {
      // The first version with it reads ids of either form.
      migration: 60,
      // Whoever ends calls.
      roles: 'relay|all',
      say: (older) =>
        `USAGE_STREAMS=process: an older version works on this ledger (${older}), and would look for charges in other streams. Stop it first (docs/operators.md, "Streams of charges").`,
    });
  const lane = await nextWriterLane(database.pool);
  return () => newCallId(form, lane, Date.now(), randomUUID());
}
