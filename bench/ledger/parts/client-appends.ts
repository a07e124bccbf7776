import { randomUUID } from 'node:crypto';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { anEvent, eventData } from '../../../test/support/events.js';
import { repeatedly, type Subject } from '../contest.js';

const charge = eventData(anEvent('consumption-recorded'));

/** The same appends by the client's own calls, one call an append: what the adapter was before it had a long call of its own. */
export const clientAppendSubjects = (
  connectionString: string,
  seconds: number,
): { readonly subjects: readonly Subject[]; close(): Promise<void> } => {
  const client = EventStoreDBClient.connectionString(connectionString);
  // With a name and password the client makes a call for each append.
  const credentials = { username: 'admin', password: 'changeit' };
  const subjects = [1, 16, 64].map((writers) => ({
    name: `appends, the client of EventStoreDB, ${writers} at once`,
    turn: () =>
      repeatedly(writers, seconds, async () => {
        const { type, data, metadata } = charge;
        const event = jsonEvent({ id: randomUUID(), type, data, metadata });
        const options = { expectedRevision: 'no_stream', credentials } as const;
        const { success } = await client.appendToStream(`usage-${randomUUID()}`, event, options);
        if (!success) throw new Error('an append was refused');
      }),
  }));
  return { subjects, close: () => client.dispose() };
};
