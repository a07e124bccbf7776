import { expect } from '@jest/globals';
import type { Commands } from '../../src/commands/commands.js';
import type { CommandMeta, CommandResult } from '../../src/commands/handling/command.js';
import { accountIdOf } from '../../src/commands/handling/identifiers.js';
import { createKeyring } from '../../src/support/keyring.js';
import { plainChannel } from './channel.js';
import { planScenarios } from './plan-scenarios.js';
import { teamScenarios } from './team-scenarios.js';
import { ADJUST_ALONE, type CommandWorld } from './command-world.js';

/** One command in a setting in which it does something. */
export interface Scenario {
  readonly name: keyof Commands | `${keyof Commands} ${string}`;
  given(commands: Commands, meta: CommandMeta): Promise<unknown>;
  when(commands: Commands, meta: CommandMeta): Promise<CommandResult<unknown>>;
  then?(world: CommandWorld): Promise<void>;
}

const externalUserId = 'u-1';
const alice = { externalUserId, username: 'alice', email: 'alice@example.com', affCode: 'A1' };
const setup: CommandMeta = { actor: 'bootstrap', requestId: 'setup' };
const payment = { externalUserId, amountUsd: '10', paymentId: 'pi_1' };
const prices = {
  prices: [
    {
      model: 'qwen-turbo',
      model_ratio: '0.8572',
      completion_ratio: '1',
      cache_ratio: '1',
      cache_write_ratio: '1',
      per_call_usd: null,
      max_output_tokens: 8192,
    },
  ],
  groups: [
    { name: 'default', ratio: '1' },
    { name: 'vip', ratio: '0.5' },
  ],
};
const token = {
  externalUserId,
  tokenName: 'first',
  expiresInDays: 365,
  quotaLimit: null,
  models: [],
  allowIps: [],
  group: null,
};
const channel = {
  channelId: 'main',
  settings: {
    name: 'Main',
    base_url: 'https://api.example.com/v1',
    models: ['qwen-turbo'],
    ...plainChannel,
  },
  keys: [{ secret: 'upstream-secret' }],
  enabled: true,
};

const refusedKey = {
  channelId: 'main',
  // The id that the command world's keyring gives the channel's key.
  keyId: createKeyring(Buffer.alloc(32, 7)).fingerprintOf('upstream-secret'),
  enabled: false,
  reason: 'refused',
  automatic: true,
};

const doubt = {
  externalUserId,
  callId: '0f0e8a3c-6a5f-4c0f-9d6e-1b3f3f6f1a01',
  charged: 100n,
  reason: 'upstream was asked',
};

const withAccount = async (commands: Commands) => {
  await commands.publishPriceList(prices, setup);
  await commands.syncAccount(alice, setup);
};
const withMoney = async (commands: Commands) => {
  await withAccount(commands);
  await commands.creditPayment(payment, setup);
};
const withToken = async (commands: Commands) => {
  await withAccount(commands);
  await commands.issueToken(token, setup);
};
const reference = { externalUserId, tokenId: 1 };
const large = ADJUST_ALONE + 1n;
const withRequest = async (commands: Commands) => {
  await withMoney(commands);
  const asked = { actor: 'operator:ann', requestId: 'setup' };
  await commands.adjustBalance({ externalUserId, adjustmentId: 'a1', quota: large, reason: 'gift' }, asked);
};

const balanceIs = (expected: bigint) => async (world: CommandWorld) => {
  expect(await world.balanceOf(accountIdOf(externalUserId))).toBe(expected);
};
/** Every hold left is named by an event: the projector will drop it. */
const everyHoldIsNamed = async (world: CommandWorld) => {
  const named = (await world.log()).map(({ data }) => data['hold_id']);
  for (const holdId of world.holds.keys()) expect(named).toContain(holdId);
};

export const commandScenarios: readonly Scenario[] = [
  {
    name: 'syncAccount',
    given: async () => undefined,
    when: (commands, meta) => commands.syncAccount(alice, meta),
  },
  {
    name: 'syncAccount of a change',
    given: withAccount,
    when: (commands, meta) =>
      commands.syncAccount({ externalUserId, username: 'alicia', phone: '1', affCode: '' }, meta),
  },
  {
    name: 'creditPayment',
    given: withAccount,
    when: (commands, meta) => commands.creditPayment(payment, meta),
    then: balanceIs(5_000_000n),
  },
  {
    name: 'refundPayment',
    given: withMoney,
    when: (commands, meta) =>
      commands.refundPayment({ paymentId: 'pi_1', refundId: 're_1', amountUsd: '6', reason: '' }, meta),
    then: async (world) => {
      await balanceIs(2_000_000n)(world);
      await everyHoldIsNamed(world);
    },
  },
  {
    name: 'refundPayment of the rest',
    given: withMoney,
    when: (commands, meta) =>
      commands.refundPayment({ paymentId: 'pi_1', refundId: 're_1', reason: '' }, meta),
    then: balanceIs(0n),
  },
  {
    name: 'reverseRefund',
    given: async (commands, meta) => {
      await withMoney(commands);
      await commands.refundPayment({ paymentId: 'pi_1', refundId: 'dp_1', amountUsd: '6', reason: '' }, meta);
    },
    when: (commands, meta) =>
      commands.reverseRefund({ paymentId: 'pi_1', refundId: 'dp_1', why: 'dispute_won' }, meta),
    then: balanceIs(5_000_000n),
  },
  {
    name: 'adjustBalance up',
    given: withMoney,
    when: (commands, meta) =>
      commands.adjustBalance({ externalUserId, adjustmentId: 'a1', quota: 7n, reason: 'gift' }, meta),
    then: balanceIs(5_000_007n),
  },
  {
    name: 'adjustBalance down',
    given: withMoney,
    when: (commands, meta) =>
      commands.adjustBalance(
        { externalUserId, adjustmentId: 'a1', quota: -4_000_000n, reason: 'error' },
        meta,
      ),
    then: async (world) => {
      await balanceIs(1_000_000n)(world);
      await everyHoldIsNamed(world);
    },
  },
  {
    name: 'adjustBalance by more than one operator may',
    given: withMoney,
    when: (commands, meta) =>
      commands.adjustBalance({ externalUserId, adjustmentId: 'a1', quota: large, reason: 'gift' }, meta),
    then: balanceIs(5_000_000n),
  },
  {
    name: 'approveAdjustment',
    given: withRequest,
    when: (commands, meta) => commands.approveAdjustment({ adjustmentId: 'a1' }, meta),
    then: balanceIs(5_000_000n + large),
  },
  {
    name: 'declineAdjustment',
    given: withRequest,
    when: (commands, meta) => commands.declineAdjustment({ adjustmentId: 'a1', reason: 'no' }, meta),
    then: balanceIs(5_000_000n),
  },
  {
    name: 'settleDoubt as charged',
    given: withMoney,
    when: (commands, meta) => commands.settleDoubt({ ...doubt, quota: 100n }, meta),
    then: async (world) => {
      await balanceIs(5_000_000n)(world);
      expect(await world.events('doubt-accepted')).toHaveLength(1);
    },
  },
  {
    name: 'settleDoubt of a charge that was too high',
    given: withMoney,
    when: (commands, meta) => commands.settleDoubt({ ...doubt, quota: 0n }, meta),
    then: balanceIs(5_000_100n),
  },
  {
    name: 'settleDoubt of a charge that was too low',
    given: withMoney,
    when: (commands, meta) => commands.settleDoubt({ ...doubt, quota: 4_000_100n }, meta),
    then: async (world) => {
      await balanceIs(1_000_000n)(world);
      await everyHoldIsNamed(world);
    },
  },
  { name: 'issueToken', given: withAccount, when: (commands, meta) => commands.issueToken(token, meta) },
  {
    name: 'carryOverToken',
    given: withAccount,
    when: (commands, meta) =>
      commands.carryOverToken({ ...token, accessKey: `sk-${'a1'.repeat(24)}`, expiresAt: null }, meta),
    then: async (world) => expect(await world.events('token-issued')).toHaveLength(1),
  },
  {
    name: 'changeToken',
    given: withToken,
    when: (commands, meta) =>
      commands.changeToken({ ...reference, tokenName: 'second', enabled: false, group: 'vip' }, meta),
    then: async (world) => expect(world.guards.get('token:1')).toBe(3n),
  },
  {
    name: 'resetToken',
    given: withToken,
    when: (commands, meta) => commands.resetToken(reference, meta),
    then: async (world) => expect(world.guards.get('token:1')).toBe(1n),
  },
  {
    name: 'revokeToken',
    given: withToken,
    when: (commands, meta) => commands.revokeToken(reference, meta),
    then: async (world) => expect(world.guards.get('token:1')).toBe(1n),
  },
  {
    name: 'changeProfile',
    given: withAccount,
    when: (commands, meta) => commands.changeProfile({ externalUserId, displayName: 'Ann' }, meta),
    then: async (world) => expect(await world.events('account-profile-updated')).toHaveLength(1),
  },
  {
    name: 'suspendAccount',
    given: withAccount,
    when: (commands, meta) => commands.suspendAccount({ externalUserId, reason: 'fraud' }, meta),
    then: async (world) => expect(world.guards.get(`account:${accountIdOf(externalUserId)}`)).toBe(1n),
  },
  {
    name: 'reinstateAccount',
    given: async (commands) => {
      await withAccount(commands);
      await commands.suspendAccount({ externalUserId, reason: 'fraud' }, setup);
    },
    when: (commands, meta) => commands.reinstateAccount({ externalUserId, reason: 'cleared' }, meta),
  },
  {
    name: 'changeAccountGroup',
    given: withAccount,
    when: (commands, meta) => commands.changeAccountGroup({ externalUserId, group: 'vip' }, meta),
  },
  {
    name: 'eraseAccount',
    given: withAccount,
    when: (commands, meta) => commands.eraseAccount({ externalUserId, reason: 'asked' }, meta),
  },
  {
    name: 'bookCash',
    given: () => Promise.resolve(),
    when: (commands, meta) =>
      commands.bookCash(
        {
          ...{ providerId: 'stripe', kind: 'fee', reference: 'txn_1', currency: 'USD', amountMinor: 229n },
          ...{ quota: 1_145_000n, at: new Date(0), evidenceSha256: null, reason: 'the bill' },
        },
        meta,
      ),
  },
  ...planScenarios,
  ...teamScenarios,
  {
    name: 'publishPriceList',
    given: async () => undefined,
    when: (commands, meta) => commands.publishPriceList(prices, meta),
  },
  {
    name: 'configureChannel',
    given: async () => undefined,
    when: (commands, meta) => commands.configureChannel(channel, meta),
  },
  {
    name: 'changeSetting',
    given: async () => undefined,
    when: (commands, meta) => commands.changeSetting({ key: 'hold_policy', value: 'reject' }, meta),
  },
  {
    name: 'setChannelEnabled',
    given: (commands) => commands.configureChannel(channel, setup),
    when: (commands, meta) =>
      commands.setChannelEnabled({ channelId: 'main', enabled: false, reason: 'down' }, meta),
  },
  {
    name: 'setChannelKeyEnabled',
    given: (commands) => commands.configureChannel(channel, setup),
    when: (commands, meta) => commands.setChannelKeyEnabled(refusedKey, meta),
  },
];
