import { randomUUID } from 'node:crypto';
import {
  EventStoreDBClient,
  StreamNotFoundError,
  WrongExpectedVersionError,
  jsonEvent,
  type AllStreamResolvedEvent,
} from '@eventstore/db-client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startEventStoreStandIn, type EventStoreStandIn } from '../support/eventstoredb-stand-in/index.js';

const json = (data: Record<string, unknown> = {}) => jsonEvent({ id: randomUUID(), type: 'tested', data });

describe('the EventStoreDB stand-in and the unmodified client', () => {
  let standIn: EventStoreStandIn;
  let client: EventStoreDBClient;
  beforeAll(async () => {
    standIn = await startEventStoreStandIn();
  });
  afterAll(() => standIn.close());
  beforeEach(() => {
    client = EventStoreDBClient.connectionString(standIn.connectionString);
  });
  afterEach(async () => {
    await client.dispose();
  });

  it.each([
    ['unary', { credentials: { username: 'admin', password: 'changeit' } }],
    ['batch', {}],
  ])('append, repeat and conflict by the %s path', async (_path, options) => {
    const stream = randomUUID();
    const batch = [json({ text: '充值' }), json()];

    const first = await client.appendToStream(stream, batch, { expectedRevision: 'no_stream', ...options });
    const again = await client.appendToStream(stream, batch, { expectedRevision: 'no_stream', ...options });
    const refused = client.appendToStream(stream, [json()], { expectedRevision: 0n, ...options });

    expect(first).toMatchObject({ success: true, nextExpectedRevision: 1n });
    expect(again).toMatchObject({ success: true, nextExpectedRevision: 1n, position: first.position });
    await expect(refused).rejects.toThrow(WrongExpectedVersionError);
    await expect(refused).rejects.toMatchObject({ expectedVersion: 0n, actualVersion: 1n });
    const found = [];
    for await (const { event } of client.readStream(stream)) found.push(event);
    expect(found.map((event) => event?.id)).toEqual(batch.map(({ id }) => id));
    expect(found[0]?.data).toEqual({ text: '充值' });
    expect(found.at(-1)?.position).toEqual(first.position);
  });

  it('an absent stream is not found', async () => {
    const read = async () => {
      for await (const event of client.readStream(randomUUID())) expect(event).toBeUndefined();
    };

    await expect(read()).rejects.toThrow(StreamNotFoundError);
  });

  it('a subscription delivers in order and ends without an error when the server ends it', async () => {
    const stream = randomUUID();
    const subscription = client.subscribeToAll({ fromPosition: 'start' });
    const seen: AllStreamResolvedEvent[] = [];
    const over = (async () => {
      for await (const resolved of subscription) {
        seen.push(resolved);
        if (seen.filter(({ event }) => event?.streamId === stream).length === 2) standIn.endSubscriptions();
      }
    })();

    await client.appendToStream(stream, [json(), json()]);
    await over;

    const positions = seen.map(({ event }) => event?.position.commit ?? -1n);
    expect(positions).toEqual([...positions].sort((a, b) => (a < b ? -1 : 1)));
    expect(seen[0]?.event?.streamId).toBe('$$$scavenges');
  });

  it('keeps its data over a restart, also behind a new port', async () => {
    const stream = randomUUID();
    await client.appendToStream(stream, [json()]);

    await standIn.restart({ newPort: true });

    const later = EventStoreDBClient.connectionString(standIn.connectionString);
    let found = 0;
    for await (const event of later.readStream(stream)) found += event === undefined ? 0 : 1;
    expect(found).toBe(1);
    await later.dispose();
  });
});
