import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createMemoryEventStore } from '../../src/eventstore/memory/memory-event-store.js';
import { PoisonEvent } from '../../src/projections/runtime/faults.js';
import { Alerts } from '../../src/reactions/alerts/alerts.js';
import { outOfUse } from '../../src/reactions/alerts/out-of-use.js';
import { StoppedAlert } from '../../src/reactions/alerts/stopped.js';
import { OutboxSender } from '../../src/reactions/outbox/outbox-sender.js';
import type { SenderSettings } from '../../src/reactions/outbox/sender-settings.js';
import { PostgresOutbox } from '../../src/reactions/outbox/postgres-outbox.js';
import { ReactionRunner } from '../../src/reactions/reaction-runner.js';
import { eventually } from '../support/eventually.js';
import { anEvent, append, appendRaw } from '../support/events.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { TestReceiver } from './support/test-receiver.js';

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
    generation: 0,
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
      generation: 0,
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
