import { createHmac, randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { eventText, textsOfRecorded, unsealed } from '../../src/eventstore/event-bytes.js';
import type { EventStore, RecordedEvent } from '../../src/eventstore/event-store.js';
import { guardedEventStore } from '../../src/eventstore/guarded-event-store.js';
import { createMemoryEventStore } from '../../src/eventstore/memory/memory-event-store.js';
import { asCopied } from '../../src/eventstore/original-times.js';
import { type Sealing, Seals } from '../../src/eventstore/seals.js';
import { NOTHING_SKIPPED } from '../../src/eventstore/skipped-places.js';
import type { WrongLog } from '../../src/eventstore/wrong-log.js';
import { createSealKey } from '../../src/support/seal-key.js';

const key = (byte: number) => createSealKey(Buffer.alloc(32, byte));
const AT = Date.parse('2026-11-29T12:00:00.123Z');
const seals = new Seals(key(1), [key(2)], () => AT);
const stream = 'account-1';
const event = (data: Record<string, unknown> = { amount: '5000' }) => ({
  ...{ id: randomUUID(), type: 'tested.v1', data, metadata: { actor: 'service:fe' } },
});

/** Three events in a stream, sealed by `by`. */
async function written(by: Seals | 'nobody' = seals): Promise<readonly RecordedEvent[]> {
  const store = createMemoryEventStore(by === 'nobody' ? {} : { seals: by });
  await store.append([{ stream, expected: 'no-stream', events: [event(), event()] }]);
  await store.append([{ stream, expected: 1n, events: [event({ größe: '1\n2' })] }]);
  return store.readStream(stream, { limit: 10 });
}

const sealings: readonly Sealing[] = [{ keyId: key(1).id, position: 0n }];

describe('the key of seals', () => {
  it('makes the HMAC-SHA-256 of others, under the hex digits of its secret', () => {
    for (const text of ['', 'größer', 'x'.repeat(1_000)])
      expect(key(7).mac(text)).toBe(
        createHmac('sha256', Buffer.alloc(32, 7).toString('hex')).update(text).digest('base64url'),
      );
  });

  it('has an id that says nothing of its secret', () => {
    expect(key(7).id).toMatch(/^[0-9a-f]{8}$/);
    expect(key(7).id).not.toBe(key(8).id);
    expect(() => createSealKey(Buffer.alloc(16))).toThrow(RangeError);
  });
});

describe('an event that was appended', () => {
  it('is sealed over its place and what it says, and its seal says when', async () => {
    for (const recorded of await written()) {
      expect(seals.sealOf(recorded)).toEqual({ keyId: key(1).id, at: new Date(AT) });
      expect(seals.faultOf(recorded, sealings)).toBeUndefined();
    }
  });

  it('is sealed so that others can check it with what they have', async () => {
    const [recorded] = (await written()) as [RecordedEvent];
    const texts = textsOfRecorded(recorded);
    const { metadataText, seal } = unsealed(texts.metadataText) ?? { metadataText: '', seal: '' };
    const hmac = createHmac('sha256', Buffer.alloc(32, 1).toString('hex'))
      .update(`counterfoil-seal/v1\n${AT}\n${eventText({ ...texts, metadataText })}`)
      .digest('base64url');
    expect(seal).toBe(`${key(1).id}.${AT}.${hmac}`);
  });

  it('is sealed as rightly by a key of before', async () => {
    const [recorded] = (await written(new Seals(key(2)))) as [RecordedEvent];
    expect(seals.faultOf(recorded, [])).toBeUndefined();
    expect(seals.faultOf(recorded, [{ keyId: key(2).id, position: 0n }])).toBeUndefined();
    // A key that was rotated away seals nothing any more.
    expect(
      seals.faultOf(recorded, [
        { keyId: key(2).id, position: -1n },
        { keyId: key(1).id, position: 0n },
      ]),
    ).toBe(`it is sealed with the key ${key(2).id}, though the key there is ${key(1).id}`);
  });

  it('keeps its seal in a copy of the log', async () => {
    for (const recorded of await written())
      expect(seals.faultOf(asCopied(recorded, undefined), sealings)).toBeUndefined();
  });

  it('need not be sealed before the log says so', async () => {
    const [recorded] = (await written('nobody')) as [RecordedEvent];
    expect(seals.faultOf(recorded, [])).toBeUndefined();
    expect(seals.faultOf(recorded, [{ keyId: key(1).id, position: 1n }])).toBeUndefined();
    expect(seals.faultOf(recorded, sealings)).toBe('it has no seal');
  });
});

describe('what somebody else did to an event', () => {
  const others: RecordedEvent['metadata'] = { actor: 'operator:ann' };
  it.each<[string, (given: RecordedEvent, next: RecordedEvent) => Partial<RecordedEvent>]>([
    ['its stream', () => ({ stream: 'account-2' })],
    ['its revision', () => ({ revision: 1n })],
    ['its id', () => ({ id: randomUUID() })],
    ['its type', () => ({ type: 'tested.v2' })],
    ['its type, to two lines', () => ({ type: 'tested.v1\n' })],
    ['its data', () => ({ data: { amount: '5001' } })],
    ['a member more in its data', ({ data }) => ({ data: { ...data, more: true } })],
    ['its metadata', ({ metadata }) => ({ metadata: { ...others, seal: metadata['seal'] } })],
    [
      'the time of its seal',
      ({ metadata }) => ({
        metadata: { ...metadata, seal: String(metadata['seal']).replace(`${AT}`, `${AT + 1}`) },
      }),
    ],
    ['a seal of the next event', (_, { metadata }) => ({ metadata })],
  ])('is found: %s', async (_, change) => {
    const [given, next] = (await written()) as [RecordedEvent, RecordedEvent];
    const changed = { ...given, ...change(given, next) };
    expect(seals.faultOf(changed, sealings)).toBe('its seal is not that of what it says, at this place');
    // Also where nothing need be sealed yet.
    expect(seals.faultOf(changed, [])).toBeDefined();
  });

  it.each<[string, (seal: string) => Record<string, unknown>]>([
    ['gone', () => ({})],
    ['not the last member', (seal) => ({ seal, more: 1 })],
    ['in another form', () => ({ seal: 'sealed' })],
  ])('is found: a seal that is %s', async (_, metadataOf) => {
    const [given] = (await written()) as [RecordedEvent];
    const metadata = metadataOf(String(given.metadata['seal']));
    expect(seals.faultOf({ ...given, metadata }, sealings)).toBe('it has no seal');
  });

  it('is found: a seal of a key that nobody knows', async () => {
    const [given] = (await written(new Seals(key(9)))) as [RecordedEvent];
    expect(seals.faultOf(given, [])).toBe(
      `its seal is of a key (${key(9).id}) that is none of this ledger's`,
    );
  });
});

describe('a ledger that reads an event which is not sealed', () => {
  async function opened(): Promise<{ store: EventStore; doubts: WrongLog[] }> {
    const store = createMemoryEventStore({ seals });
    await store.append([{ stream, expected: 'no-stream', events: [event(), event()] }]);
    const log = await store.readStream(stream, { limit: 10 });
    const forged = { ...(log[1] as RecordedEvent), data: { amount: '5000000' } };
    const changed: EventStore = {
      ...createMemoryEventStore(),
      positions: 'gap-free',
      readStream: () => Promise.resolve([log[0] as RecordedEvent, forged]),
      readAll: ({ onEvent }) => {
        const events = [log[0] as RecordedEvent, forged];
        if (onEvent) events.forEach(onEvent);
        return Promise.resolve({ events: onEvent ? [] : events, position: 1n, atEnd: true });
      },
    };
    const doubts: WrongLog[] = [];
    const trust = {
      doubt: undefined,
      saw: () => undefined,
      sealFault: (found: RecordedEvent) => seals.faultOf(found, sealings),
      skipped: NOTHING_SKIPPED,
      distrust: (fault: WrongLog) => void doubts.push(fault),
    };
    return { store: guardedEventStore(changed, trust, { isOurs: () => true }), doubts };
  }

  it.each<[string, (store: EventStore) => Promise<unknown>]>([
    ['a stream', (store) => store.readStream(stream, { limit: 10 })],
    ['the whole log', (store) => store.readAll({ after: -1n, limit: 10 })],
    [
      'the whole log, event by event',
      (store) => store.readAll({ after: -1n, limit: 10, onEvent: () => undefined }),
    ],
  ])('names it, and trusts the log no more: %s', async (_, read) => {
    const { store, doubts } = await opened();
    await expect(read(store)).rejects.toMatchObject({
      reason: 'altered',
      message: expect.stringContaining('at position 1 (tested.v1 at revision 1 of account-1)'),
    });
    expect(doubts).toHaveLength(1);
  });
});
