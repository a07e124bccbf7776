import { describe, expect, it } from '@jest/globals';
import { createMemoryEventStore } from '../../src/eventstore/memory/memory-event-store.js';
import { MemoryLog } from '../../src/eventstore/memory/memory-log.js';
import { describeEventStore } from '../support/event-store-contract.js';
import { appended, event, events } from '../support/event-store-contract/setup.js';

describeEventStore('memory', async () => {
  const log = new MemoryLog(() => new Date());
  const store = createMemoryEventStore({ log });
  return { store, another: async () => createMemoryEventStore({ log }), close: () => store.close() };
});

describe('memory event store', () => {
  it('counts positions from 0 without gaps, by its own clock', async () => {
    const now = new Date('2026-03-01T00:00:00.000Z');
    const store = createMemoryEventStore({ now: () => now });
    await appended(store, 'payment-1', 'no-stream', events(2));
    await appended(store, 'payment-2', 'no-stream', events(1));

    const page = await store.readAll({ after: -1n, limit: 10 });

    expect(page.events.map(({ position }) => position)).toEqual([0n, 1n, 2n]);
    expect(page).toMatchObject({ position: 2n, atEnd: true });
    expect(page.events.map(({ recordedAt }) => recordedAt)).toEqual([now, now, now]);
  });

  it('is empty at first', async () => {
    const store = createMemoryEventStore();

    expect(await store.head()).toBe(-1n);
    expect(await store.readAll({ after: -1n, limit: 1 })).toEqual({ events: [], position: -1n, atEnd: true });
  });

  it('keeps only what JSON can carry, and a copy of it', async () => {
    const store = createMemoryEventStore();
    const data = { list: [1], gone: undefined };
    await appended(store, 'payment-1', 'no-stream', [event(data)]);
    data.list.push(2);

    const [stored] = await store.readStream('payment-1', { limit: 1 });

    expect(stored?.data).toStrictEqual({ list: [1] });
    await expect(
      store.append([{ stream: 'payment-1', expected: 0n, events: [event({ amount: 1n })] }]),
    ).rejects.toThrow(TypeError);
  });
});
