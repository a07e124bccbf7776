import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { warnOfOpenDoor } from '../../src/compose/event-store-rights.js';
import { createEventStoreDb } from '../../src/eventstore/eventstoredb/event-store-db.js';
import { hasDefaultPassword, lookAtRights, writeRights } from '../../src/eventstore/eventstoredb/rights.js';
import { recordingLog } from '../support/recording-log.js';
import { startEventStoreStandIn, type EventStoreStandIn } from '../support/eventstoredb-stand-in/index.js';

const deadlineMs = 10_000;

/** What a start says of the door. */
async function saidAtStart(eventStoreUrl: string | undefined): Promise<readonly string[]> {
  const { lines, ...log } = recordingLog();
  await warnOfOpenDoor({ config: { eventStoreUrl }, log });
  return lines;
}

describe('rights of a server that asks for passwords', () => {
  let standIn: EventStoreStandIn;
  const undo: (() => Promise<unknown>)[] = [];
  const start = async (password: string) => {
    standIn = await startEventStoreStandIn({ logins: { admin: password, ledger: 'quiet', guest: 'g' } });
    undo.push(() => standIn.close());
  };
  const rightsOf = (password: string) => ({
    connectionString: standIn.connectionStringOf('admin', password),
    user: 'ledger',
    deadlineMs,
  });
  const clientOf = (name: string, password: string) => {
    const client = EventStoreDBClient.connectionString(standIn.connectionStringOf(name, password));
    undo.push(() => client.dispose());
    return client;
  };
  const storeOf = (name: string, password: string) => {
    const connectionString = standIn.connectionStringOf(name, password);
    const store = createEventStoreDb({ connectionString, deadlineMs });
    undo.push(() => store.close());
    return store;
  };

  beforeEach(() => start('secret'));
  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step();
  });

  it('are found as the server comes, are written once, and are as they should be then', async () => {
    expect(await lookAtRights(rightsOf('secret'))).toEqual({
      asksForPassword: true,
      defaultPassword: false,
      defaults: 'none',
    });
    const asAdministrator = standIn.connectionStringOf('admin', 'secret');
    expect(await saidAtStart(asAdministrator)).toEqual([
      expect.stringMatching(
        /^warn: the event store has not the rights that counterfoil eventstore secure writes/,
      ),
    ]);
    expect(await writeRights(rightsOf('secret'))).toBe(true);
    expect(await saidAtStart(asAdministrator)).toEqual([]);
    expect(await lookAtRights(rightsOf('secret'))).toMatchObject({ defaults: 'right' });
    expect(await writeRights(rightsOf('secret'))).toBe(false);
    expect(await lookAtRights({ ...rightsOf('secret'), user: 'other' })).toMatchObject({
      defaults: 'others',
    });
  });

  it('let any login delete a payment before, and none but an administrator after; the ledger reads and appends', async () => {
    const guest = clientOf('guest', 'g');
    const event = () => jsonEvent({ type: 'tested', data: {} });
    for (const stream of ['payment-1', 'payment-2'])
      await clientOf('admin', 'secret').appendToStream(stream, event());
    await guest.deleteStream('payment-1');
    await expect(storeOf('ledger', 'quiet').head()).rejects.toThrow('cannot be read');

    await writeRights(rightsOf('secret'));

    await expect(guest.deleteStream('payment-2')).rejects.toThrow('Access Denied');
    await expect(guest.tombstoneStream('payment-2')).rejects.toThrow('Access Denied');
    await expect(guest.setStreamMetadata('payment-2', { maxCount: 1 })).rejects.toMatchObject({
      type: 'access-denied',
    });
    const ledger = storeOf('ledger', 'quiet');
    const events = [{ id: crypto.randomUUID(), type: 'tested', data: {}, metadata: {} }];
    expect(await ledger.append([{ stream: 'payment-3', expected: 'no-stream', events }])).toMatchObject({
      outcome: 'appended',
    });
    expect(await ledger.head()).toBeGreaterThan(0n);
  });

  it('are nothing worth while the password of every new server opens it', async () => {
    expect(await hasDefaultPassword(rightsOf('secret'))).toBe(false);
    expect(await saidAtStart(standIn.connectionStringOf('ledger', 'quiet'))).toEqual([]);
    await standIn.close();
    await start('changeit');
    expect(await hasDefaultPassword(rightsOf('changeit'))).toBe(true);
    expect(await lookAtRights(rightsOf('changeit'))).toMatchObject({ defaultPassword: true });
    expect(await saidAtStart(standIn.connectionStringOf('ledger', 'quiet'))).toEqual([
      expect.stringMatching(/^warn: admin:changeit opens the event store: .*counterfoil eventstore secure/),
    ]);
  });

  it('cannot be looked at by who may not log in, which is no answer to any question', async () => {
    await expect(lookAtRights(rightsOf('guessed'))).rejects.toMatchObject({ name: 'EventStoreUnavailable' });
    await standIn.stop();
    await expect(hasDefaultPassword(rightsOf('secret'))).rejects.toMatchObject({
      name: 'EventStoreUnavailable',
    });
  });
});

it('a server without TLS asks nobody', async () => {
  const standIn = await startEventStoreStandIn();
  const { connectionString } = standIn;
  expect(await lookAtRights({ connectionString, user: 'ledger', deadlineMs })).toMatchObject({
    asksForPassword: false,
  });
  expect(await saidAtStart(connectionString)).toEqual([
    expect.stringMatching(/^warn: .*without TLS: it asks nobody for a password/),
  ]);
  expect(await saidAtStart(undefined)).toEqual([]);
  await standIn.close();
});
