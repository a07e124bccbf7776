import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { EventStore, LogPage } from '../../src/eventstore/event-store.js';
import { createEventStoreDb } from '../../src/eventstore/eventstoredb/event-store-db.js';
import { guardedEventStore } from '../../src/eventstore/guarded-event-store.js';
import { NOTHING_SKIPPED } from '../../src/eventstore/skipped-places.js';
import { Lag } from '../../src/projections/runtime/lag.js';
import { appended, events, newStream } from '../support/event-store-contract/setup.js';
import { eventually } from '../support/eventually.js';
import { eventStoreServers, type ServerUnderTest } from '../support/eventstoredb-servers.js';
import { startEventStoreStandIn, type EventStoreStandIn } from '../support/eventstoredb-stand-in/index.js';

const LIMIT = 50;
const PATIENT = { timeoutMs: 30_000 };

function ledgerOn(connectionString: string, deadlineMs = 10_000) {
  const prefix = `ours${randomUUID().slice(0, 8)}-`;
  const isOurs = (stream: string) => stream.startsWith(prefix);
  const adapter = createEventStoreDb({ connectionString, deadlineMs, ours: { isOurs, prefixes: [prefix] } });
  const trust = {
    doubt: undefined,
    saw: () => undefined,
    sealFault: () => undefined,
    skipped: NOTHING_SKIPPED,
    distrust: () => undefined,
  };
  let foreign = 0;
  const onForeign = (count: number) => void (foreign += count);
  const store = guardedEventStore(adapter, trust, { isOurs, onForeign });
  return { store, ourStream: () => prefix + randomUUID(), foreign: () => foreign };
}

/** All from a place to the end, as a projection reads it. */
async function readOn(store: EventStore, from: bigint): Promise<{ found: string[]; last: LogPage }> {
  const found: string[] = [];
  for (let after = from; ;) {
    const last = await store.readAll({ after, limit: LIMIT });
    found.push(...last.events.map(({ stream }) => stream));
    if (last.atEnd) return { found, last };
    after = last.position;
  }
}

describe.each(eventStoreServers)('a log that others write to as well, on %s', (_name, start) => {
  let server: ServerUnderTest;
  let ledger: ReturnType<typeof ledgerOn>;
  let neighbour: EventStore;
  beforeEach(async () => {
    server = await start();
    ledger = ledgerOn(server.connectionString);
    neighbour = createEventStoreDb({ connectionString: server.connectionString, deadlineMs: 10_000 });
  });
  afterEach(async () => {
    await ledger.store.close();
    await neighbour.close();
    await server.close();
  });
  const writeAsNeighbour = async (count: number) => {
    let position = -1n;
    for (let left = count; left > 0; left -= 200)
      ({ position } = await appended(neighbour, newStream(), 'no-stream', events(Math.min(left, 200))));
    return position;
  };

  it('full of theirs: ours are all found, in order, little of theirs is sent, and it is not searched twice', async () => {
    const { store, ourStream, foreign } = ledger;
    const [first, second, third] = [ourStream(), ourStream(), `${ourStream()}\u0301`];
    const { position } = await appended(store, first, 'no-stream', events(1));
    await writeAsNeighbour(2_000);
    await appended(store, second, 'no-stream', events(LIMIT));
    await appended(store, third, 'no-stream', events(2));
    const end = await writeAsNeighbour(2_000);

    const inAMinute = () => new Date(Date.now() + 60_000);
    const lag = await new Lag(store, inAMinute).measure(position);
    const { found, last } = await readOn(store, position);

    expect(lag.lagSeconds).toBeGreaterThan(50);
    expect(found).toEqual([...Array.from({ length: LIMIT }, () => second), third, third]);
    expect(foreign()).toBeGreaterThan(0);
    expect(foreign()).toBeLessThan(1_500);
    expect(last.position).toBeGreaterThanOrEqual(end);
  });

  it('who counts what was passed over is told of every event of theirs', async () => {
    const { store, ourStream } = ledger;
    const { position } = await appended(store, ourStream(), 'no-stream', events(1));
    await writeAsNeighbour(400);
    let counted = 0;
    for (let page: LogPage | undefined; !page?.atEnd;) {
      page = await store.readAll({ after: page?.position ?? position, limit: LIMIT, withPassedOver: true });
      counted += page.events.filter(({ passedOver }) => passedOver === 'foreign').length;
    }
    expect(counted).toBeGreaterThanOrEqual(400);
  });

  it('rings for what is ours alone', async () => {
    const { store, ourStream } = ledger;
    let rings = 0;
    const stop = store.subscribe(() => (rings += 1));
    await eventually(() => rings > 0, PATIENT);
    const before = rings;
    await writeAsNeighbour(400);
    await appended(store, ourStream(), 'no-stream', events(1));
    await eventually(() => rings > before, PATIENT);
    expect(rings).toBe(before + 1);
    stop();
  });
});

describe('a search that finds nothing for long', () => {
  let server: EventStoreStandIn;
  beforeEach(async () => {
    server = await startEventStoreStandIn();
  });
  afterEach(() => server.close());

  it('goes on from where it has come, by the connection that there is', async () => {
    const { store, ourStream } = ledgerOn(server.connectionString, 1_000);
    const neighbour = createEventStoreDb({ connectionString: server.connectionString, deadlineMs: 10_000 });
    const { position } = await appended(store, ourStream(), 'no-stream', events(1));
    for (let turn = 0; turn < 15; turn++) await appended(neighbour, newStream(), 'no-stream', events(200));
    const stream = ourStream();
    await appended(neighbour, stream, 'no-stream', events(1));
    await store.readAll({ after: position, limit: LIMIT });
    const { connections } = server;

    server.fault('searching');
    const page = await store.readAll({ after: position, limit: LIMIT });
    server.fault('none');

    expect(page).toMatchObject({ events: [], atEnd: false });
    expect(page.position).toBeGreaterThan(position);
    expect(server.connections).toBe(connections);
    expect((await readOn(store, page.position)).found).toEqual([stream]);
    await store.close();
    await neighbour.close();
  });
});
