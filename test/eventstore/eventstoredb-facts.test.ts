import { randomUUID } from 'node:crypto';
import { connect } from 'node:http2';
import { binaryEvent, EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EventData, ExpectedRevision } from '../../src/eventstore/event-store.js';
import { parseConnectionString } from '../../src/eventstore/eventstoredb/connection-string.js';
import { findLeader } from '../../src/eventstore/eventstoredb/leader.js';
import { LogClient, type Page } from '../../src/eventstore/eventstoredb/log-client.js';
import type { WireEvent } from '../../src/eventstore/eventstoredb/wire/wire-event.js';
import { event, events, newStream } from '../support/event-store-contract/setup.js';
import { eventually } from '../support/eventually.js';
import { eventStoreServers, type ServerUnderTest } from '../support/eventstoredb-servers.js';

// What the adapter relies on, one test a fact: of the stand-in, so that it does what a real server does, and of a real server where one is
// given, so that a version that does something else is found out before it is used.

const LAST_REVISION = 2n ** 63n - 1n;
const patiently = (): AbortSignal => new AbortController().signal;
const forwards = (limit: number): Page => ({ direction: 'forwards', limit, signal: patiently() });
const backwards = (limit: number): Page => ({ direction: 'backwards', limit, signal: patiently() });

describe.each(eventStoreServers)('EventStoreDB, as %s has it', (_name, start) => {
  let server: ServerUnderTest;
  let log: LogClient;
  /** The unmodified client, as an operator has it. */
  let operator: EventStoreDBClient;
  beforeAll(async () => {
    server = await start();
    log = new LogClient(parseConnectionString(server.connectionString));
    operator = EventStoreDBClient.connectionString(server.connectionString);
  });
  afterAll(async () => {
    log.retire();
    await operator.dispose();
    await server.close();
  });

  const append = (stream: string, expected: ExpectedRevision, batch: readonly EventData[]) =>
    log.append({ stream, expected, events: batch }, { deadlineMs: 5_000 });
  const written = async (count: number) => {
    const [stream, batch] = [newStream(), events(count)];
    return { stream, batch, stored: await append(stream, 'no-stream', batch) };
  };
  const read = (stream: string) => log.readStream(stream, undefined, forwards(100));
  const revisions = (found: readonly WireEvent[]) => found.map(({ revision }) => revision);

  describe('appends', () => {
    it('stand where their last event stands, ascending, with gaps', async () => {
      const { stream, stored } = await written(2);
      const next = await append(stream, 1n, events(1));
      const positions = (await read(stream)).map(({ position }) => position);
      expect(positions.slice(1)).toEqual([stored.position, next.position]);
      const [first = 0n, second = 0n, third = 0n] = positions;
      expect(second).toBeGreaterThan(first + 1n);
      expect(third).toBeGreaterThan(second + 1n);
    });

    it.each([
      ['the whole', 'no-stream' as const, 0, 3],
      ['a beginning', 'no-stream' as const, 0, 2],
      ['a run', 0n, 1, 3],
    ])(
      '%s of what is there, at its own place, is a repeat and says where its last event is',
      async (...row) => {
        const [, expected, from, to] = row;
        const { stream, batch } = await written(3);
        const again = await append(stream, expected, batch.slice(from, to));
        const there = (await read(stream))[to - 1];
        expect(again).toEqual({ position: there?.position, revision: there?.revision });
        expect(await read(stream)).toHaveLength(3);
      },
    );

    it.each([
      ['other data', { data: { other: true } }],
      ['another type', { type: 'contract-changed.v1' }],
      ['capital letters in the id', undefined],
    ])('%s make no other event of the same id', async (_what, change) => {
      const { stream, batch, stored } = await written(1);
      const same = batch.map((each) => ({ ...each, ...(change ?? { id: each.id.toUpperCase() }) }));
      expect(await append(stream, 'no-stream', same)).toEqual(stored);
      expect((await read(stream)).map(({ type, data }) => ({ type, data }))).toEqual(
        batch.map(({ type, data }) => ({ type, data })),
      );
    });

    it('that are known in part are a conflict, which names the revision that there is', async () => {
      const { stream, batch } = await written(2);
      const partly = append(stream, 0n, [...batch.slice(1), event()]);
      await expect(partly).rejects.toMatchObject({ type: 'wrong-expected-version', actualVersion: 1n });
    });

    it('of the same ids at a later revision, in another stream and twice in one append are stored again', async () => {
      const { stream, batch } = await written(1);
      await append(stream, 0n, batch);
      const other = newStream();
      await append(other, 'no-stream', [...batch, ...batch]);
      expect(revisions(await read(stream))).toEqual([0n, 1n]);
      expect(revisions(await read(other))).toEqual([0n, 1n]);
    });

    it('that repeat what was cut away since say no place', async () => {
      const { stream, batch } = await written(2);
      await append(stream, 1n, events(1));
      await operator.setStreamMetadata(stream, { truncateBefore: 2 });
      expect(await append(stream, 'no-stream', batch)).toEqual({ position: undefined, revision: 1n });
    });

    it('at a revision of a stream that is not there are a conflict with no stream', async () => {
      const { type, actualVersion } = await failureOf(append(newStream(), 3n, events(1)));
      expect([type, actualVersion]).toEqual(['wrong-expected-version', undefined]);
    });

    it.each([
      ['a revision that is none', newStream(), LAST_REVISION + 1n, event()],
      ['an empty stream', '', 'no-stream' as const, event()],
      ['an id that is none', newStream(), 'no-stream' as const, { ...event(), id: 'x'.repeat(36) }],
      ['an empty type', newStream(), 'no-stream' as const, { ...event(), type: '' }],
    ])('with %s are refused, on a call of their own by a code that does not say so', async (...row) => {
      const [, stream, expected, unfit] = row;
      await expect(append(stream, expected, [unfit])).rejects.toMatchObject({ code: 3 });
      const alone = operator.appendToStream(stream, jsonEvent({ ...unfit, data: {} }), {
        expectedRevision: expected === 'no-stream' ? 'no_stream' : expected,
        credentials: { username: 'admin', password: 'changeit' },
      });
      if (typeof expected !== 'bigint') await expect(alone).rejects.toMatchObject({ code: 2 });
      else await expect(alone).rejects.toThrow();
    });

    it('take 1 MB of data, and one byte more is refused', async () => {
      const ofBytes = (bytes: number) => [event({ text: 'x'.repeat(bytes - '{"text":""}'.length) })];
      await append(newStream(), 'no-stream', ofBytes(1_048_576 - 64));
      const larger = append(newStream(), 'no-stream', ofBytes(1_048_577));
      await expect(larger).rejects.toMatchObject({ type: 'maximum-append-size-exceeded', code: 3 });
    });

    it('of many at one place: one is stored, and the winner can be read soon after the others were refused', async () => {
      const stream = newStream();
      const racing = Array.from({ length: 50 }, () => append(stream, 'no-stream', events(1)));
      const ended = await Promise.allSettled(racing);
      expect(ended.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const end of ended)
        if (end.status === 'rejected')
          expect(end.reason).toMatchObject({ type: 'wrong-expected-version', actualVersion: 0n });
      expect(await eventually(() => read(stream))).toHaveLength(1);
    });
  });

  describe('the whole log', () => {
    it('begins with an event of the server', async () => {
      const [first] = await log.readAll(undefined, forwards(1));
      expect(first?.stream).toBe('$$$scavenges');
      expect(first?.position).toBeGreaterThan(0n);
    });

    it('is read from a position that is included forwards and excluded backwards', async () => {
      const { stream, stored } = await written(2);
      const [there] = await log.readAll(stored.position, forwards(1));
      expect(there).toMatchObject({ stream, revision: 1n });
      const [before] = await log.readAll(stored.position, backwards(1));
      expect(before).toMatchObject({ stream, revision: 0n });
    });

    it('has no place within a record, each time it is asked, and none beyond its end', async () => {
      const { stored } = await written(1);
      const within = (stored.position ?? 0n) - 7n;
      for (let turn = 0; turn < 2; turn++)
        await expect(log.readAll(within, forwards(1))).rejects.toMatchObject({
          code: 2,
          message: expect.stringContaining('InvalidPosition'),
        });
      expect(await log.readAll((stored.position ?? 0n) + 10_000_000n, forwards(1))).toEqual([]);
    });

    it('is searched by what the names of streams begin with, compared as people do, or by a pattern', async () => {
      const mark = `facts${randomUUID().slice(0, 8)}`;
      await append(`${mark}-\u0301x`, 'no-stream', events(1));
      await append(`${mark}-x`, 'no-stream', events(1));
      const found = async (only: NonNullable<Page['only']>) =>
        (await log.readAll(undefined, { ...backwards(10), only })).map(({ stream }) => stream);
      expect(await found({ prefixes: [`${mark}-`] })).toEqual([`${mark}-x`]);
      expect(await found({ prefixes: [mark] })).toEqual([`${mark}-x`, `${mark}-\u0301x`]);
      expect(await found({ pattern: `^${mark}-` })).toEqual([`${mark}-x`, `${mark}-\u0301x`]);
    });
  });

  describe('what is taken away', () => {
    it('a deleted stream is not found, and begins anew behind the revisions that it had', async () => {
      const { stream } = await written(2);
      await operator.deleteStream(stream);
      await expect(read(stream)).rejects.toMatchObject({ type: 'stream-not-found' });
      expect(await append(stream, 'no-stream', events(1))).toMatchObject({ revision: 2n });
      expect(revisions(await read(stream))).toEqual([2n]);
    });

    it('a tombstone ends a stream for good, and stands in it as its last event that there can be', async () => {
      const { stream } = await written(1);
      await operator.tombstoneStream(stream);
      await expect(read(stream)).rejects.toMatchObject({ type: 'stream-deleted', code: 9 });
      await expect(append(stream, 0n, events(1))).rejects.toMatchObject({ type: 'stream-deleted' });
      const found = await log.readAll(undefined, backwards(20));
      const end = found.find((each) => each.stream === stream);
      expect(end).toMatchObject({ type: '$streamDeleted', revision: LAST_REVISION });
    });

    it.each([
      ['$maxCount', { maxCount: 1 }, [2n]],
      ['$tb', { truncateBefore: 1 }, [1n, 2n]],
    ])('%s lets reads of the stream begin later, without a word; the whole log shows all', async (...row) => {
      const [, limits, left] = row;
      const { stream, stored } = await written(3);
      const [first] = await read(stream);
      await operator.setStreamMetadata(stream, limits);
      expect(revisions(await read(stream))).toEqual(left);
      const all = await log.readAll(first?.position, forwards(20));
      expect(revisions(all.filter((each) => each.stream === stream))).toEqual([0n, 1n, 2n]);
      expect(all.some(({ position }) => position === stored.position)).toBe(true);
    });
  });

  describe('texts and bytes', () => {
    it.each([
      ['another alphabet', '充值 пополнение'],
      ['one form of an accent', 'caf\u00e9'],
      ['the other form', 'cafe\u0301'],
      ['spaces and nothing', ' a b \u0000 '],
      ['a long name', 'x'.repeat(10_000)],
    ])('a name with %s is that name and no other', async (_what, name) => {
      const stream = `${newStream()}-${name}`;
      await append(stream, 'no-stream', events(1));
      expect((await read(stream)).map((each) => each.stream)).toEqual([stream]);
      await expect(read(`${stream} `)).rejects.toMatchObject({ type: 'stream-not-found' });
    });

    it('data are bytes, whatever they are, and the time of recording is that of now', async () => {
      const stream = newStream();
      const data = new Uint8Array([0, 255, 123, 34]);
      await operator.appendToStream(stream, binaryEvent({ type: 'contract-tested.v1', data }));
      const [found] = await read(stream);
      expect(found?.data).toEqual({ base64: Buffer.from(data).toString('base64') });
      expect(Math.abs((found?.recordedAt.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
    });
  });

  describe('a connection', () => {
    it('has a hundred calls at once', async () => {
      const session = connect(`http://${await findLeader(server.connectionString)}`);
      const settings = await new Promise<{ maxConcurrentStreams?: number }>((resolve, reject) => {
        session.once('remoteSettings', resolve).once('error', reject);
      });
      expect(settings.maxConcurrentStreams).toBe(100);
      session.destroy();
    });

    it('that listens is told when it stands, then of every event of the streams that it asked for', async () => {
      const seen: string[] = [];
      const mark = `heard${randomUUID().slice(0, 8)}`;
      const stop = log.listen(
        {
          onReady: () => void seen.push('ready'),
          onEvent: () => void seen.push('event'),
          onEnd: () => void seen.push('end'),
        },
        { prefixes: [mark] },
      );
      await eventually(() => seen.length > 0);
      await append(newStream(), 'no-stream', events(3));
      await append(`${mark}-1`, 'no-stream', events(2));
      await eventually(async () => expect(seen).toEqual(['ready', 'event', 'event']));
      stop();
    });

    it('that searches is told how far, of a log full of what it did not ask for', async () => {
      const { stored } = await written(1);
      for (let turn = 0; turn < 12; turn++) await append(newStream(), 'no-stream', events(200));
      const reached = await log.searchedTo(
        stored.position,
        { prefixes: [`none${randomUUID()}`] },
        { signal: patiently(), forMs: 0 },
      );
      expect(reached).toBeGreaterThan(stored.position ?? 0n);
    });
  });
});

async function failureOf(work: Promise<unknown>): Promise<{ type?: string; actualVersion?: bigint }> {
  try {
    await work;
  } catch (error) {
    return error as { type?: string; actualVersion?: bigint };
  }
  throw new Error('it did not fail');
}
