import { describe, expect, it } from '@jest/globals';
import { createMemoryEventStore } from '../../src/eventstore/memory/memory-event-store.js';
import { asCopied, withOriginalTimes } from '../../src/eventstore/original-times.js';
import type { RecordedEvent } from '../../src/eventstore/event-store.js';
import { anEvent, eventData } from '../support/events.js';
import { readWholeLog } from '../support/whole-log.js';

const PAST = '2020-01-01T00:00:00.000Z';
const NOW = new Date('2026-11-28T12:00:00Z');
const claiming = (positions: readonly string[]) => ({
  ...eventData(anEvent('claim-reserved')),
  metadata: { copied: { at: PAST, positions } },
});

describe('the original time of a copied event', () => {
  it('is believed before the end of the copy, and what an ordinary append claims is not', async () => {
    const store = createMemoryEventStore({ now: () => NOW });
    let copyEnd: bigint | undefined = 1n;
    const dated = withOriginalTimes(store, () => copyEnd);
    const events = [claiming(['7']), claiming(['8'])];
    await store.append([{ stream: 'claim-a', expected: 'no-stream', events }]);
    const told: Date[] = [];
    await dated.readAll({ after: -1n, limit: 9, onEvent: ({ recordedAt }) => void told.push(recordedAt) });
    const times = [new Date(PAST), NOW];
    expect(told).toEqual(times);
    expect((await readWholeLog(dated)).map(({ recordedAt }) => recordedAt)).toEqual(times);
    expect((await dated.readStream('claim-a', { limit: 9 })).map(({ recordedAt }) => recordedAt)).toEqual(
      times,
    );
    copyEnd = undefined;
    expect((await readWholeLog(dated)).map(({ recordedAt }) => recordedAt)).toEqual([NOW, NOW]);
  });

  it('goes along when the copy is copied, with every place that the event has had', () => {
    const event: RecordedEvent = {
      ...claiming(['7']),
      ...{ stream: 'claim-a', revision: 0n, position: 40n, recordedAt: new Date(PAST) },
    };
    expect(asCopied(event, 41n).metadata).toEqual({ copied: { at: PAST, positions: ['7', '40'] } });
    // What it claims of itself is dropped where it is of no copy.
    expect(asCopied({ ...event, recordedAt: NOW }, undefined).metadata).toEqual({
      copied: { at: NOW.toISOString(), positions: ['40'] },
    });
  });
});
