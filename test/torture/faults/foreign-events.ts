import { binaryEvent } from '@eventstore/db-client';
import { randomUUID } from 'node:crypto';
import { FOREIGN } from '../check/raw-log.js';
import { appendOne, withEventStore } from '../cluster/event-store-client.js';
import type { FaultWorld } from './inject.js';
import { NotHere } from './not-here.js';
import { isBooked, payAside } from './ways-in.js';

/** A payment of the ledger by its name and all that is in it, and not by its stream. */
const CREDIT = {
  type: 'payment-credited.v1',
  data: {
    payment_id: 'a neighbour',
    account_id: randomUUID(),
    user_id: 1,
    amount_usd: '1000',
    quota: '500000000',
  },
};

/** Somebody else writes into the same log. Nothing may stop for that, and nobody gets money by it. */
export async function injectForeignEvents(world: FaultWorld): Promise<undefined> {
  const { cluster, complain } = world;
  const stream = `${FOREIGN}${randomUUID()}`;
  const { eventStore } = cluster;
  // There the log says from its beginning that all of it is sealed, and whoever else writes into it stops the ledger.
  if (!eventStore) throw new NotHere("a log in PostgreSQL is the ledger's alone");
  await withEventStore(eventStore.url, async (client) => {
    await appendOne(client, stream, 'order-placed', { lines: [1, 2] });
    await appendOne(client, stream, CREDIT.type, CREDIT.data);
    const picture = binaryEvent({ type: 'picture-taken', data: Buffer.from([0xff, 0xfe, 0x00]) });
    await client.appendToStream(stream, picture);
  });
  if (!(await isBooked(cluster, await payAside(world))))
    complain('foreign events: what was paid after them did not come into the balance');
  return undefined;
}
