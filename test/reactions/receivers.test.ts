import { describe, expect, it } from '@jest/globals';
import { messageId, type OutboxEntry } from '../../src/reactions/outbox/message.js';
import { logReceiver } from '../../src/reactions/receivers/log-receiver.js';
import type { Receiver } from '../../src/reactions/outbox/receiver.js';
import { createLogger } from '../../src/support/logger.js';
import { createCommandWorld } from '../support/command-world.js';
import { bonusCommands, MEMBER } from './support/bonus-reaction.js';

const entryOf = (change: Partial<OutboxEntry>): OutboxEntry => ({
  id: messageId('a test'),
  receiver: 'test',
  kind: 'told',
  payload: {},
  source: 'a test',
  state: 'waiting',
  attempts: 1,
  lease: 1,
  lastFault: undefined,
  dueAt: new Date(0),
  createdAt: new Date(0),
  endedAt: undefined,
  handledBy: undefined,
  sequence: 1n,
  ...change,
});

interface Subject {
  readonly receiver: Receiver;
  readonly fit: OutboxEntry;
  /** What happened outside, so far. */
  readonly effects: () => Promise<readonly unknown[]>;
}

const commands = async (): Promise<Subject> => {
  const world = createCommandWorld();
  await world.commands.syncAccount(
    { externalUserId: MEMBER, username: 'alice' },
    { actor: 'service-key:test', requestId: 'test' },
  );
  return {
    receiver: bonusCommands(world.commands),
    fit: entryOf({ kind: 'give-bonus', payload: { member: MEMBER, quota: '1000', payment: 'pi_1' } }),
    effects: () => world.events('balance-adjusted'),
  };
};

const log = async (): Promise<Subject> => {
  const lines: object[] = [];
  const logger = createLogger('silent');
  logger.warn = (fields: object) => lines.push(fields);
  return {
    receiver: logReceiver(logger),
    fit: entryOf({ payload: { severity: 'warning' } }),
    // A reader of logs knows a repeated line by the id in it.
    effects: async () => [
      ...new Map(lines.map((line) => [(line as { message_id: string }).message_id, line])).values(),
    ],
  };
};

describe.each([
  ['the log', log],
  ["the ledger's own commands", commands],
])('a receiver: %s', (_name, open) => {
  it('has its effect once, however often a message comes, also at once', async () => {
    const { receiver, fit, effects } = await open();
    const { signal } = new AbortController();
    expect(await receiver.send(fit, signal)).toEqual({ kind: 'delivered' });
    const again = await Promise.all([1, 2, 3].map((attempts) => receiver.send({ ...fit, attempts }, signal)));
    expect(again).toEqual(Array.from({ length: 3 }, () => ({ kind: 'delivered' })));
    expect(await effects()).toHaveLength(1);
  });
});

describe("the ledger's own commands", () => {
  const { signal } = new AbortController();

  it.each([
    ['a payload that is none', { member: MEMBER }, 'rejected'],
    ['a command that is refused', { member: 'nobody', quota: '1000', payment: 'pi_1' }, 'rejected'],
  ])('take %s for final', async (_what, payload, kind) => {
    const { receiver, fit, effects } = await commands();
    expect(await receiver.send({ ...fit, payload }, signal)).toMatchObject({ kind });
    expect(await effects()).toEqual([]);
  });

  it('leave a kind that they do not know to a newer program', async () => {
    const { receiver, fit } = await commands();
    expect(await receiver.send({ ...fit, kind: 'constructor' }, signal)).toMatchObject({ kind: 'retry' });
  });
});
