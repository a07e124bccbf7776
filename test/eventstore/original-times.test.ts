import { describe, expect, it } from '@jest/globals';
import { createMemoryEventStore } from '../../src/eventstore/memory/memory-event-store.js';
import { asCopied, ownMetadata, withOriginalTimes } from '../../src/eventstore/original-times.js';
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

  it.each([
    ['nothing else', {}],
    ['words of its own', { actor: 'operator:alice', note: 'é "\u0000' }],
    ['words that look like it', { note: `x,"copied":{"at":"${PAST}","positions":["1"]}}` }],
    ['something of that name within', { inner: { copied: { at: PAST, positions: ['1'] } } }],
  ])('is told beside %s, which the text of the copy says as it was', (_, own) => {
    const event: RecordedEvent = {
      ...eventData(anEvent('claim-reserved')),
      ...{ stream: 'claim-a', revision: 0n, position: 40n, recordedAt: new Date(PAST), metadata: own },
    };
    const once = asCopied(event, undefined);
    const twice = asCopied({ ...once, data: once.data, metadata: once.metadata, position: 77n }, 100n);
    expect(once.metadata).toEqual({ ...own, copied: { at: PAST, positions: ['40'] } });
    expect(twice.metadata).toEqual({ ...own, copied: { at: PAST, positions: ['40', '77'] } });
    for (const copy of [event, once, twice]) expect(ownMetadata(copy)).toBe(JSON.stringify(own));
    expect(twice.dataText).toBe(JSON.stringify(event.data));
  });

  it.each([
    { copied: { at: PAST, positions: ['7'] }, note: 'behind it' },
    { note: 'x', copied: { at: PAST, positions: ['7'], more: true } },
    { copied: { at: '2020-01-01T00:00:00Z', positions: ['7'] } },
  ])('is read where somebody wrote it otherwise: %j', (metadata) => {
    const event: RecordedEvent = {
      ...eventData(anEvent('claim-reserved')),
      ...{ stream: 'claim-a', revision: 0n, position: 40n, recordedAt: new Date(PAST), metadata },
    };
    const own = Object.fromEntries(Object.entries(metadata).filter(([name]) => name !== 'copied'));
    expect(asCopied(event, 41n).metadata).toEqual({ ...own, copied: { at: PAST, positions: ['7', '40'] } });
  });

  it.each([
    'yesterday',
    { at: 'yesterday', positions: ['7'] },
    { at: '2020-13-41T00:00:00.000Z', positions: ['7'] },
    { at: PAST, positions: [7] },
  ])('is not taken from what cannot be one: %j', (copied) => {
    const event: RecordedEvent = {
      ...eventData(anEvent('claim-reserved')),
      ...{ stream: 'claim-a', revision: 0n, position: 40n, recordedAt: NOW, metadata: { copied } },
    };
    const at = NOW.toISOString();
    expect(asCopied(event, 41n).metadata).toEqual({ copied: { at, positions: ['40'] } });
  });
});
