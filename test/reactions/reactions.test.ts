import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createMemoryEventStore } from '../../src/eventstore/memory/memory-event-store.js';
import { PoisonEvent } from '../../src/projections/runtime/faults.js';
import { Alerts } from '../../src/reactions/alerts/alerts.js';
import { outOfUse } from '../../src/reactions/alerts/out-of-use.js';
import { StoppedAlert } from '../../src/reactions/alerts/stopped.js';
import type { OutboxEntry } from '../../src/reactions/outbox/message.js';
import { OutboxSender } from '../../src/reactions/outbox/outbox-sender.js';
import type { SenderSettings } from '../../src/reactions/outbox/sender-settings.js';
import { PostgresOutbox } from '../../src/reactions/outbox/postgres-outbox.js';
import { ReactionRunner } from '../../src/reactions/reaction-runner.js';
import type { Receipt, Receiver } from '../../src/reactions/outbox/receiver.js';
import { eventually } from '../support/eventually.js';
import { anEvent, append, appendRaw } from '../support/events.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

/** Remembers what came, and answers what the test says. */
class TestReceiver implements Receiver {
  readonly name = 'test';
  readonly came: OutboxEntry[] = [];
  answer: (entry: OutboxEntry, signal: AbortSignal) => Promise<Receipt> = () =>
    Promise.resolve({ kind: 'delivered' });

  send(entry: OutboxEntry, signal: AbortSignal): Promise<Receipt> {
    this.came.push(entry);
    return this.answer(entry, signal);
  }

  get ids(): readonly string[] {
    return this.came.map(({ id }) => id);
  }
}

const automatic = { automatic: true, reason: 'no credit is left' };
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
  for (const stop of stops.splice(0).reverse()) await stop();
  await database.drop();
});

function startSender(settings: Partial<SenderSettings> = {}): OutboxSender {
  const sender = new OutboxSender({
    outbox,
    receivers: [receiver],
    settings: { pollMs: 20, baseDelayMs: 1, ...settings },
  });
  sender.start();
  stops.push(() => sender.stop());
  return sender;
}

async function startRunner(store = createMemoryEventStore(), faults: unknown[] = []) {
  const runner = new ReactionRunner({
    reactions: [outOfUse(['test'])],
    store,
    pool: database.pool,
    outbox,
    onFault: (_, error) => faults.push(error),
    pollIntervalMs: 20,
  });
  await runner.start();
  stops.push(() => runner.stop());
  return { runner, store };
}

const stoppedAlert = (alerts: Alerts) =>
  new StoppedAlert({
    alerts,
    kind: 'ledger-stopped',
    summaryOf: (group) => `${group} stopped.`,
    onFault: (error) => {
      throw error;
    },
  });

const waiting = () => outbox.list({ state: 'waiting', limit: 100 });

describe('a reaction', () => {
  it('begins at the end of the log, follows from then on, and leaves out what it does not handle', async () => {
    const store = createMemoryEventStore();
    await append(store, anEvent('channel-configured'), anEvent('channel-disabled', automatic));
    await startRunner(store);
    await append(store, anEvent('account-registered'), anEvent('channel-key-disabled', automatic));
    await eventually(async () => (await waiting()).length > 0);
    const [entry, ...others] = await waiting();
    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      receiver: 'test',
      kind: 'channel-key-out-of-use',
      source: 'out-of-use',
      position: 3n,
      attempts: 0,
      payload: { channel: 'main', reason: 'no credit is left' },
    });
  });

  it('tells of nothing that people did', async () => {
    const { store } = await startRunner();
    await append(store, anEvent('channel-configured'));
    await append(store, anEvent('channel-disabled', { ...automatic, automatic: false }));
    const last = await append(store, anEvent('channel-key-disabled', automatic));
    await eventually(async () => (await waiting()).length > 0);
    expect((await waiting()).map(({ position }) => position)).toEqual([last]);
  });

  it('is reacted to once by two runners at once', async () => {
    const { store } = await startRunner();
    await startRunner(store);
    const events = Array.from({ length: 40 }, () => anEvent('channel-key-disabled', automatic));
    for (const event of events) await append(store, event);
    await eventually(async () => (await waiting()).length === 40);
    expect(new Set((await waiting()).map(({ id }) => id)).size).toBe(40);
  });

  it('does not go past an event that cannot be read', async () => {
    const faults: unknown[] = [];
    const { store } = await startRunner(createMemoryEventStore(), faults);
    await append(store, anEvent('channel-key-disabled', automatic));
    await appendRaw(store, [
      {
        stream: 'channel-odd',
        event: {
          id: crypto.randomUUID(),
          type: 'channel-key-disabled.v9',
          data: {},
          metadata: {},
        },
      },
    ]);
    await append(store, anEvent('channel-key-disabled', automatic));
    await eventually(() => faults.length > 1);
    expect((await waiting()).map(({ position }) => position)).toEqual([0n]);
  });

  it('has no more in the outbox than its bound', async () => {
    const store = createMemoryEventStore();
    const runner = new ReactionRunner({
      reactions: [outOfUse(['test'])],
      store,
      pool: database.pool,
      outbox,
      pollIntervalMs: 20,
      maxWaiting: 0,
    });
    await runner.start();
    stops.push(() => runner.stop());
    await append(store, anEvent('channel-key-disabled', automatic));
    await eventually(async () => (await waiting()).length === 1);
    await append(store, anEvent('channel-key-disabled', automatic));
    startSender();
    await eventually(() => receiver.came.length === 2);
  });
});

describe('the outbox', () => {
  const put = (...messages: readonly { id: string; orderKey?: string; dueAt?: Date }[]) =>
    outbox.add(
      database.pool,
      messages.map((message) => ({ receiver: 'test', kind: 'told', payload: {}, ...message })),
      { source: 'a test' },
    );
  const id = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

  it('takes a message once, whatever became of it', async () => {
    await put({ id: id(1) });
    startSender();
    await eventually(async () => (await outbox.find(id(1)))?.state === 'delivered');
    await put({ id: id(1) }, { id: id(2) });
    await eventually(async () => (await outbox.find(id(2)))?.state === 'delivered');
    expect(receiver.ids).toEqual([id(1), id(2)]);
  });

  it('tries again with growing waits, and is dead in the end, until a person says otherwise', async () => {
    receiver.answer = () => Promise.resolve({ kind: 'retry', reason: 'busy' });
    await put({ id: id(1) });
    startSender({ maxAttempts: 3 });
    await eventually(async () => (await outbox.find(id(1)))?.state === 'dead');
    expect(await outbox.find(id(1))).toMatchObject({ attempts: 3, lastFault: 'busy' });
    expect(await outbox.figures()).toMatchObject({ waiting: 0, dead: 1 });
    receiver.answer = () => Promise.resolve({ kind: 'delivered' });
    expect(await outbox.retry('all-dead')).toBe(1);
    await eventually(async () => (await outbox.find(id(1)))?.state === 'delivered');
    expect(new Set(receiver.ids)).toEqual(new Set([id(1)]));
  });

  it('keeps of an error its name alone', async () => {
    receiver.answer = () => Promise.reject(new TypeError('the token sk-secret was refused'));
    await put({ id: id(1) });
    startSender({ maxAttempts: 1 });
    await eventually(async () => (await outbox.find(id(1)))?.state === 'dead');
    expect((await outbox.find(id(1)))?.lastFault).toBe('TypeError');
  });

  it('does not wait for a receiver that hangs', async () => {
    receiver.answer = () => new Promise(() => undefined);
    await put({ id: id(1) });
    startSender({ attemptMs: 20, maxAttempts: 2 });
    await eventually(async () => (await outbox.find(id(1)))?.state === 'dead');
    expect((await outbox.find(id(1)))?.lastFault).toBe('no answer in time');
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

  it('lends a message to one sender, and after the lease to another, whose word then counts', async () => {
    await put({ id: id(1) });
    const [first] = await outbox.claim('test', 10, 1);
    let second: OutboxEntry | undefined;
    await eventually(async () => {
      [second] = await outbox.claim('test', 10, 60_000);
      return second !== undefined;
    });
    expect([first?.attempts, second?.attempts]).toEqual([1, 2]);
    expect(await outbox.delivered(first as OutboxEntry)).toBe(false);
    expect(await outbox.failed(first as OutboxEntry, { reason: 'late', againInMs: undefined })).toBe(false);
    expect(await outbox.claim('test', 10, 60_000)).toEqual([]);
    expect(await outbox.delivered(second as OutboxEntry)).toBe(true);
  });

  it('sends nothing before its time, and forgets what ended long ago', async () => {
    await put({ id: id(1), dueAt: new Date(Date.now() + 3_600_000) }, { id: id(2) });
    startSender();
    await eventually(async () => (await outbox.find(id(2)))?.state === 'delivered');
    expect(receiver.ids).toEqual([id(2)]);
    expect(await outbox.prune(1)).toBe(0);
    await database.pool.query(`UPDATE outbox SET ended_at = now() - interval '2 days' WHERE id = $1`, [
      id(2),
    ]);
    expect(await outbox.prune(1)).toBe(1);
    expect(await outbox.discard([id(1)])).toBe(1);
    expect(await outbox.figures()).toMatchObject({ waiting: 0, dead: 0 });
  });
});

describe('an alert', () => {
  it('is told once when it begins and once when it ends, in that order, each time it begins', async () => {
    const alerts = new Alerts(database.pool, outbox, ['test']);
    const alert = {
      key: 'k',
      kind: 'odd',
      severity: 'critical',
      summary: 'It is odd.',
      details: {},
    } as const;
    startSender();
    expect([await alerts.raise(alert), await alerts.raise(alert)]).toEqual([true, false]);
    expect(await alerts.open()).toMatchObject([{ key: 'k', kind: 'odd' }]);
    expect([await alerts.resolve('k'), await alerts.resolve('k')]).toEqual([true, false]);
    expect(await alerts.raise(alert)).toBe(true);
    await eventually(() => receiver.came.length === 3);
    expect(receiver.came.map(({ kind }) => kind)).toEqual(['alert-raised', 'alert-resolved', 'alert-raised']);
    expect(new Set(receiver.ids).size).toBe(3);
  });

  it('of a stopped ledger names the event, is one however often it stops there, and ends when it is passed', async () => {
    const alerts = new Alerts(database.pool, outbox, ['test']);
    const poison = {
      stream: 'payment-odd',
      revision: 0n,
      type: 'payment-credited.v9',
      position: 812n,
      recordedAt: new Date(),
      reason: 'no such event is known',
    };
    for (let start = 0; start < 2; start++) {
      const observer = stoppedAlert(alerts);
      observer.goneOn('ledger', 811n);
      observer.stopped('ledger', new PoisonEvent(poison));
      await observer.settled();
    }
    expect(await alerts.open('ledger-stopped')).toMatchObject([
      { key: 'ledger-stopped/ledger/812', details: { stream: 'payment-odd', type: 'payment-credited.v9' } },
    ]);
    const after = stoppedAlert(alerts);
    after.goneOn('statistics', 900n);
    await after.settled();
    expect(await alerts.open()).toHaveLength(1);
    after.goneOn('ledger', 812n);
    await after.settled();
    expect(await alerts.open()).toEqual([]);
    startSender();
    await eventually(() => receiver.came.length === 2);
    expect(receiver.came.map(({ kind }) => kind)).toEqual(['alert-raised', 'alert-resolved']);
  });
});
