import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import type { Message, OutboxEntry } from '../../src/reactions/outbox/message.js';
import type { Failure } from '../../src/reactions/outbox/outbox.js';
import { OutboxSender, type SenderOptions } from '../../src/reactions/outbox/outbox-sender.js';
import { PostgresOutbox } from '../../src/reactions/outbox/postgres-outbox.js';
import type { SenderSettings } from '../../src/reactions/outbox/sender-settings.js';
import { eventually } from '../support/eventually.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { entryOf } from './support/entry.js';
import { TestReceiver } from './support/test-receiver.js';

let database: TestDatabase;
let outbox: PostgresOutbox;
let receiver: TestReceiver;
const stops: (() => Promise<void>)[] = [];

beforeEach(async () => {
  database = await createTestDatabase();
  outbox = new PostgresOutbox(database.pool);
  receiver = new TestReceiver();
});
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
  await database.drop();
});

type Overrides = Partial<SenderSettings> & Partial<Omit<SenderOptions, 'settings'>>;

function startSender({ receivers = [receiver], observer = {}, ...more }: Overrides = {}): OutboxSender {
  const { outbox: from = outbox, draw, ...settings } = more;
  const sender = new OutboxSender({
    outbox: from,
    receivers,
    observer,
    ...(draw && { draw }),
    settings: { pollMs: 20, baseDelayMs: 1, ...settings },
  });
  sender.start();
  stops.push(() => sender.stop());
  return sender;
}

const id = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const put = (...messages: readonly (Partial<Message> & { readonly id: string })[]) =>
  outbox.add(
    database.pool,
    messages.map((message) => ({ receiver: 'test', kind: 'told', payload: {}, ...message })),
    { source: 'a test' },
  );
const became = async (number: number, state: OutboxEntry['state']) => {
  await eventually(async () => (await outbox.find(id(number)))?.state === state, { timeoutMs: 20_000 });
  return outbox.find(id(number));
};

describe('a sender', () => {
  it('tells each receiver of what is for it, and nobody of what is for one that this process has not', async () => {
    const mail = new TestReceiver('mail');
    await put({ id: id(1) }, { id: id(2), receiver: 'mail' }, { id: id(3), receiver: 'of-a-newer-program' });
    startSender({ receivers: [receiver, mail] });
    await became(1, 'delivered');
    await became(2, 'delivered');
    expect([receiver.ids, mail.ids]).toEqual([[id(1)], [id(2)]]);
    expect(await outbox.find(id(3))).toMatchObject({ state: 'waiting', attempts: 0, lease: 0 });
  });

  it('takes a message once, whatever became of it', async () => {
    await put({ id: id(1) });
    startSender();
    await became(1, 'delivered');
    await put({ id: id(1) }, { id: id(2) });
    await became(2, 'delivered');
    expect(receiver.ids).toEqual([id(1), id(2)]);
  });

  it('sends those of one order one after the other, and others meanwhile', async () => {
    const held: (() => void)[] = [];
    receiver.answer = ({ orderKey }) =>
      orderKey
        ? new Promise((resolve) => held.push(() => resolve({ kind: 'delivered' })))
        : Promise.resolve({ kind: 'delivered' });
    await put(
      { id: id(1), orderKey: 'a' },
      { id: id(2), orderKey: 'a' },
      { id: id(3), orderKey: 'b' },
      { id: id(4) },
    );
    startSender();
    await eventually(() => receiver.came.length === 3);
    expect(new Set(receiver.ids)).toEqual(new Set([id(1), id(3), id(4)]));
    for (const release of held.splice(0)) release();
    await eventually(() => receiver.came.length === 4);
    for (const release of held.splice(0)) release();
    await eventually(async () => (await outbox.figures()).waiting === 0);
  });

  it('hands over all that waits, however many senders there are, each once', async () => {
    const count = 200;
    await put(...Array.from({ length: count }, (_, index) => ({ id: id(index) })));
    for (let senders = 0; senders < 3; senders += 1) startSender();
    await eventually(async () => (await outbox.figures()).waiting === 0, { timeoutMs: 20_000 });
    expect(receiver.ids.toSorted()).toEqual(Array.from({ length: count }, (_, index) => id(index)));
  });
});

describe('a receiver that fails', () => {
  it('is tried again with growing waits, and the message is dead in the end, until a person says otherwise', async () => {
    receiver.answer = () => Promise.resolve({ kind: 'retry', reason: 'busy' });
    await put({ id: id(1) });
    startSender({ maxAttempts: 3 });
    expect(await became(1, 'dead')).toMatchObject({ attempts: 3, lastFault: 'busy' });
    expect(await outbox.figures()).toMatchObject({ waiting: 0, dead: 1 });
    receiver.answer = () => Promise.resolve({ kind: 'delivered' });
    expect(await outbox.retry('all-dead')).toBe(1);
    await became(1, 'delivered');
    expect(new Set(receiver.ids)).toEqual(new Set([id(1)]));
  });

  it('is not asked again about a message that it refused for good', async () => {
    receiver.answer = () => Promise.resolve({ kind: 'rejected', reason: 'no such mailbox' });
    await put({ id: id(1) });
    startSender();
    expect(await became(1, 'dead')).toMatchObject({ attempts: 1, lastFault: 'no such mailbox' });
  });

  it('leaves of an error its name alone', async () => {
    receiver.answer = () => Promise.reject(new TypeError('the token sk-secret was refused'));
    await put({ id: id(1) });
    startSender({ maxAttempts: 1 });
    expect((await became(1, 'dead'))?.lastFault).toBe('TypeError');
  });

  it('by throwing before it has promised anything is a failed attempt like any other', async () => {
    receiver.answer = () => {
      throw new RangeError('at once');
    };
    await put({ id: id(1) });
    startSender({ maxAttempts: 2 });
    expect(await became(1, 'dead')).toMatchObject({ attempts: 2, lastFault: 'RangeError' });
  });

  it('by hanging is not waited for, and is told so', async () => {
    const signals: AbortSignal[] = [];
    receiver.answer = (_entry, signal) => {
      signals.push(signal);
      return new Promise(() => undefined);
    };
    await put({ id: id(1) });
    startSender({ attemptMs: 20, maxAttempts: 2 });
    expect((await became(1, 'dead'))?.lastFault).toBe('no answer in time');
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
  });

  it('by hanging holds up nobody but itself, however much waits for it', async () => {
    const mail = new TestReceiver('mail');
    receiver.answer = () => new Promise(() => undefined);
    await put(...Array.from({ length: 40 }, (_, index) => ({ id: id(index) })));
    const sender = startSender({ receivers: [receiver, mail], maxUnderWay: 2, graceMs: 0 });
    await eventually(() => receiver.came.length === 2);
    await put({ id: id(99), receiver: 'mail' });
    sender.ring();
    await became(99, 'delivered');
    expect(receiver.came).toHaveLength(2);
  });

  it('is tried as hard as it asks', async () => {
    const stubborn = Object.assign(new TestReceiver('stubborn'), { settings: { maxAttempts: 1 } });
    stubborn.answer = () => Promise.resolve({ kind: 'retry', reason: 'busy' });
    await put({ id: id(1), receiver: 'stubborn' });
    startSender({ receivers: [stubborn], maxAttempts: 9 });
    expect(await became(1, 'dead')).toMatchObject({ attempts: 1 });
  });

  it('waits at most twice as long each time, at random, at least as it was asked to, and never more than a day', async () => {
    const settings = { baseDelayMs: 100, maxDelayMs: 5_000, maxAttempts: 8 };
    const attempts = fc.integer({ min: 1, max: 10 });
    const drawn = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    const asked = fc.option(fc.integer({ min: 0, max: 200_000_000 }), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(attempts, drawn, asked, async (made, draw, afterMs) => {
        const failure = await failureOf(made, { draw: () => draw, ...settings }, afterMs);
        if (made >= settings.maxAttempts) return expect(failure.againInMs).toBeUndefined();
        const longest = Math.min(settings.maxDelayMs, settings.baseDelayMs * 2 ** (made - 1));
        const least = Math.min(afterMs ?? 0, 86_400_000);
        expect(failure.againInMs).toBe(Math.max(least, draw * longest));
      }),
      { numRuns: 200 },
    );
  });
});

/** How an attempt that failed is written down; `attempts`: with this one. */
async function failureOf(attempts: number, overrides: Overrides, afterMs?: number): Promise<Failure> {
  const failing = new TestReceiver();
  failing.answer = () =>
    Promise.resolve({ kind: 'retry', reason: 'busy', ...(afterMs !== undefined && { afterMs }) });
  const entries = [entryOf({ attempts })];
  let written: (failure: Failure) => void = () => undefined;
  const failed = new Promise<Failure>((resolve) => (written = resolve));
  const sender = startSender({
    ...overrides,
    receivers: [failing],
    outbox: {
      claim: () => Promise.resolve(entries.splice(0)),
      failed: (_entry, failure) => {
        written(failure);
        return Promise.resolve(true);
      },
      delivered: () => Promise.resolve(true),
      giveBack: () => Promise.resolve(true),
      prune: () => Promise.resolve(0),
    },
  });
  const failure = await failed;
  await sender.stop();
  return failure;
}

describe('a sender that comes to grief', () => {
  /** As when the time of every lease has passed. */
  const endLeases = () => database.pool.query(`UPDATE outbox SET lease_until = now() - interval '1 second'`);

  it('leaves its message to the next one, under the same id', async () => {
    await put({ id: id(1) });
    await outbox.claim('test', 1, 60_000);
    await endLeases();
    startSender();
    expect(await became(1, 'delivered')).toMatchObject({ attempts: 2 });
  });

  it('at every attempt leaves a dead letter, not one that kills its senders for ever', async () => {
    await put({ id: id(1) });
    for (let attempt = 0; attempt < 3; attempt += 1) {
      expect(await outbox.claim('test', 1, 60_000)).toHaveLength(1);
      await endLeases();
    }
    startSender({ maxAttempts: 3 });
    expect((await became(1, 'dead'))?.lastFault).toBe('none of 3 attempts came to an end');
    expect(receiver.came).toEqual([]);
  });

  it('after the message was delivered has it sent again with the id that it had', async () => {
    let lost = 0;
    const forgetful: SenderOptions['outbox'] = Object.assign(Object.create(outbox) as PostgresOutbox, {
      delivered: (entry: OutboxEntry) =>
        lost++ === 0 ? Promise.reject(new Error('the connection broke')) : outbox.delivered(entry),
    });
    const faults: unknown[] = [];
    await put({ id: id(1), payload: { never: 'changes' } });
    startSender({ outbox: forgetful, observer: { faulted: (error) => faults.push(error) } });
    await eventually(() => faults.length > 0);
    await endLeases();
    await became(1, 'delivered');
    expect(receiver.came.map(({ id: sent, payload }) => [sent, payload])).toEqual([
      [id(1), { never: 'changes' }],
      [id(1), { never: 'changes' }],
    ]);
  });

  it('goes on by itself when the outbox was away', async () => {
    let away = 3;
    const faults: unknown[] = [];
    const flaky: SenderOptions['outbox'] = Object.assign(Object.create(outbox) as PostgresOutbox, {
      claim: (...args: Parameters<PostgresOutbox['claim']>) =>
        away-- > 0 ? Promise.reject(new Error('away')) : outbox.claim(...args),
    });
    await put({ id: id(1) });
    startSender({ outbox: flaky, observer: { faulted: (error) => faults.push(error) } });
    await became(1, 'delivered');
    expect(faults).toHaveLength(3);
  });

  it.each([-86_400_000, 86_400_000])(
    'because its clock jumps by %d ms sends the same as any other',
    async (byMs) => {
      const now = Date.now();
      await put({ id: id(1), dueAt: new Date(now + 3_600_000) }, { id: id(2) });
      await outbox.claim('test', 1, 60_000);
      await put({ id: id(3) });
      const clock = jest.spyOn(Date, 'now').mockImplementation(() => now + byMs);
      try {
        startSender();
        // `eventually` goes by the clock that jumped; the sender itself says when it has sent.
        await new Promise<void>((resolve) => {
          receiver.answer = () => {
            resolve();
            return Promise.resolve({ kind: 'delivered' });
          };
        });
      } finally {
        clock.mockRestore();
      }
      await became(3, 'delivered');
      expect(receiver.ids).toEqual([id(3)]);
    },
  );
});

describe('a sender that is stopped', () => {
  it('lets what is under way end, and begins nothing more', async () => {
    let release: () => void = () => undefined;
    receiver.answer = () =>
      new Promise((resolve) => {
        release = () => resolve({ kind: 'delivered' });
      });
    await put({ id: id(1) }, { id: id(2) });
    const sender = startSender({ maxUnderWay: 1 });
    await eventually(() => receiver.came.length === 1);
    const stopped = sender.stop();
    release();
    await stopped;
    expect(await outbox.list({ state: 'delivered', limit: 9 })).toHaveLength(1);
    expect(receiver.came).toHaveLength(1);
  });

  it('breaks off what goes on for too long, and that is no attempt', async () => {
    let aborted = false;
    receiver.answer = (_entry, signal) =>
      new Promise(() => {
        signal.addEventListener('abort', () => (aborted = true));
      });
    await put({ id: id(1) });
    const sender = startSender({ graceMs: 1 });
    await eventually(() => receiver.came.length === 1);
    await sender.stop();
    expect(aborted).toBe(true);
    expect(await outbox.find(id(1))).toMatchObject({ state: 'waiting', attempts: 0 });
    expect(await outbox.claim('test', 1, 1_000)).toHaveLength(1);
  });
});
