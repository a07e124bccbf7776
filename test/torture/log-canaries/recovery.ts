import { randomUUID } from 'node:crypto';
import { newCallId } from '../../../src/domain/usage/call-id.js';
import { usageStream } from '../../../src/domain/streams.js';
import { anEvent } from '../../support/events.js';
import type { LogCheck } from './checks.js';
import type * as recordUsageModule from '../../../src/commands/usage/record-usage.js';
import type * as postgresEventStoreModule from '../../../src/eventstore/postgres/postgres-event-store.js';

/** More than are read at a time. */
const LATER_CALLS = 300;
const LANE = 3;

/**
 * A process (`USAGE_STREAMS=process`) dies when a charge is stored and nobody has been told; many others came behind it in its stream. Whoever finds its
 * hold, and what that says of where to look, must find the charge.
 */
export const chargedCallsAreFound: LogCheck = async (ground) => {
  const { createUsageWriter } = await ground.load<typeof recordUsageModule>('commands/usage/record-usage.ts');
  const { createPostgresEventStore } = await ground.load<typeof postgresEventStoreModule>(
    'eventstore/postgres/postgres-event-store.ts',
  );
  const { DATABASE_URL: connectionString = '' } = await ground.newLedger();
  const store = createPostgresEventStore({ connectionString });
  ground.until(() => store.close());
  const newWriter = () =>
    createUsageWriter({ store, now: Date.now, resolveWithinMs: 20_000, maxPending: 10_000 });
  const begunMs = Date.now();
  const begin = () => ({
    call_id: newCallId('process', LANE, begunMs, randomUUID()),
    account_id: randomUUID(),
    started_at: new Date(begunMs).toISOString(),
  });
  const dying = newWriter();
  const charge = (call: ReturnType<typeof begin>) =>
    dying.end({ event: anEvent('consumption-recorded', call), recovered: false });

  await charge(begin());
  const lost = begin();
  const after = dying.endingAfter({ ...anEvent('consumption-recorded', lost).data });
  if (after === undefined)
    return 'a hold does not say behind what the ending of its call is to be looked for';
  await charge(lost);
  await Promise.all(Array.from({ length: LATER_CALLS }, () => charge(begin())));
  await newWriter().end({ event: anEvent('call-abandoned', lost), recovered: true, after });

  const endings: string[] = [];
  const stream = usageStream(anEvent('consumption-recorded', lost).data);
  for (const { data, type } of await store.readStream(stream, { limit: 2 * LATER_CALLS }))
    if (data?.call_id === lost.call_id) endings.push(type);
  return endings.length === 1 ? undefined : `one call has ${endings.length} endings: ${endings.join(', ')}`;
};
