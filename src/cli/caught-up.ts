import { setTimeout as sleep } from 'node:timers/promises';
import type { Foundation } from '../compose/ledger.js';
import { withSnapshot } from '../books/audit/snapshot.js';

const WAIT_MS = 10_000;
const LOOK_AGAIN_MS = 50;

/**
 * Waits, bounded, until the read models have what the log has now: a report that silently leaves out the last minutes is wrong.
 * @throws when they do not get there, or were never made
 */
export async function untilCaughtUp({ store, database }: Foundation): Promise<void> {
  const head = await store.head();
  for (const deadline = Date.now() + WAIT_MS; ;) {
    const position = await withSnapshot(database.pool, (snapshot) => Promise.resolve(snapshot.position));
    if (position >= head) return;
    if (Date.now() > deadline)
      throw new Error(
        `the read models are at position ${position} of ${head} and do not get there: is a projector running?`,
      );
    await sleep(LOOK_AGAIN_MS);
  }
}
