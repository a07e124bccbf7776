import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EventStore } from '../../src/eventstore/event-store.js';
import { createEventStoreDb } from '../../src/eventstore/eventstoredb/event-store-db.js';
import { event, newStream } from '../support/event-store-contract/setup.js';
import { eventStoreProcesses, type EventStoreProcess } from '../support/eventstoredb-processes.js';
import { eventually } from '../support/eventually.js';

const DEADLINE_MS = 3_000;
/** What a loaded machine may add to a deadline. */
const SLACK_MS = 15_000;
const PATIENT = { intervalMs: 20 };

describe.each(eventStoreProcesses)('a server that ends under load: %s', (which, start) => {
  let server: EventStoreProcess;
  let store: EventStore;
  beforeAll(async () => {
    server = await start();
    store = createEventStoreDb({ connectionString: server.connectionString, deadlineMs: DEADLINE_MS });
  });
  afterAll(async () => {
    await store.close();
    await server.close();
  });

  const loadOf = (count: number) =>
    Array.from({ length: count }, () => ({
      stream: newStream(),
      expected: 'no-stream' as const,
      events: [event()],
    }));
  const timed = async (write: ReturnType<typeof loadOf>[number]) => {
    const from = performance.now();
    const { outcome } = await store.append([write]);
    return { outcome, tookMs: performance.now() - from };
  };
  const storedIn = async (stream: string) =>
    (await eventually(() => store.readStream(stream, { limit: 10 }), PATIENT)).length;

  const waysToEnd = [
    ['SIGKILL', () => server.start()],
    ['SIGTERM', () => server.start()],
    ['SIGSTOP', () => server.signal('SIGCONT')],
  ] as const;
  // How the stand-in stops and freezes is asked of it within this process, in less time.
  it.each(which === 'the stand-in' ? waysToEnd.slice(0, 1) : waysToEnd)(
    '%s: every append ends in time, and what it ended as is so afterwards',
    async (name, goOn) => {
      const writes = loadOf(100);
      const underWay = writes.map(timed);
      // Some are answered, and the rest is under way.
      await Promise.race(underWay);
      await server.signal(name);
      const ended = await Promise.all(underWay);
      await goOn();

      for (const [index, { outcome, tookMs }] of ended.entries()) {
        expect(tookMs).toBeLessThan(DEADLINE_MS + SLACK_MS);
        const count = await storedIn(writes[index]?.stream ?? '');
        if (outcome === 'appended') expect(count).toBe(1);
        if (outcome === 'unavailable') expect(count).toBe(0);
      }
      for (const write of writes) {
        await eventually(async () => (await store.append([write])).outcome === 'appended', PATIENT);
        expect(await storedIn(write.stream)).toBe(1);
      }
    },
    240_000,
  );
});
