import { describe, expect, it } from '@jest/globals';
import { logReceiver } from '../../src/reactions/receivers/log-receiver.js';
import { createLogger } from '../../src/support/logger.js';
import { createCommandWorld } from '../support/command-world.js';
import { bonusCommands, MEMBER } from './support/bonus-reaction.js';
import { entryOf } from './support/entry.js';
import { describeReceiver, type ReceiverUnderTest } from './support/receiver-contract.js';

const commands = async (): Promise<ReceiverUnderTest> => {
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

const log = async (): Promise<ReceiverUnderTest> => {
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

describeReceiver('the log', log);
describeReceiver("the ledger's own commands", commands);

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
