import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createOrderedWriter } from '../../src/eventstore/eventstoredb/ordered-writer.js';
import type { PlacedEvent } from '../../src/eventstore/event-store.js';
import { type LogWriter, OutOfOrder } from '../../src/eventstore/log-writer.js';
import { anEvent, eventData } from '../support/events.js';
import { type EventStoreStandIn, startEventStoreStandIn } from '../support/eventstoredb-stand-in/index.js';
import { StandInLog } from '../support/eventstoredb-stand-in/log.js';

/** A thousand events over a dozen streams, some of them several in a row. */
function history(): readonly PlacedEvent[] {
  const revisions = new Map<string, bigint>();
  return Array.from({ length: 1_000 }, (_, index) => {
    const stream = `claim-${Math.floor(index / 3) % 12}`;
    const revision = (revisions.get(stream) ?? -1n) + 1n;
    revisions.set(stream, revision);
    return { ...eventData(anEvent('claim-reserved')), stream, revision };
  });
}

describe('the writer of a whole log', () => {
  const log = new StandInLog();
  let standIn: EventStoreStandIn;
  let writer: LogWriter;
  beforeEach(async () => {
    standIn = await startEventStoreStandIn({ log });
    writer = createOrderedWriter(standIn.connectionString);
  });
  afterEach(async () => {
    await writer.close();
    await standIn.close();
  });
  const stored = () => log.events.filter(({ stream }) => stream.startsWith('claim-'));

  it('stores all events in the order they are given, over all streams, and nothing that is no continuation', async () => {
    const events = history();
    await writer.write(events.slice(0, 400));
    await writer.write(events.slice(400));
    expect(stored().map(({ id, stream, revision }) => [id, stream, revision])).toEqual(
      events.map(({ id, stream, revision }) => [id, stream, revision]),
    );

    const [first] = events;
    await expect(writer.write([first!])).rejects.toThrow(OutOfOrder);
    const gap = { ...first!, ...eventData(anEvent('claim-reserved')), revision: 9_999n };
    await expect(writer.write([gap])).rejects.toThrow('the log could not be written');
    expect(stored()).toHaveLength(events.length);
  }, 60_000);
});
