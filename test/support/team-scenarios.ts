import { expect } from '@jest/globals';
import type { Commands } from '../../src/commands/commands.js';
import type { CommandMeta } from '../../src/commands/handling/command.js';
import type { Scenario } from './command-scenarios.js';

const [externalUserId, member] = ['u-1', 'u-2'];
const setup: CommandMeta = { actor: 'bootstrap', requestId: 'setup' };

const withTeam = async (commands: Commands): Promise<void> => {
  await commands.syncAccount({ externalUserId, username: 'alice' }, setup);
  await commands.syncAccount({ externalUserId: member, username: 'bob' }, setup);
  await commands.createTeam({ externalUserId, name: 'The lab' }, setup);
};

const withKey = async (commands: Commands): Promise<void> => {
  await withTeam(commands);
  await commands.addTeamMember({ externalUserId, member }, setup);
  await issue(commands, setup);
};

const issue = (commands: Commands, meta: CommandMeta) =>
  commands.issueToken(
    {
      ...{ externalUserId, tokenName: 'laptop', expiresInDays: null, quotaLimit: null },
      ...{ models: [], allowIps: [], group: null },
    },
    meta,
  );

const monthly = { quota: 500_000n, period: 'month', timezone: 'Asia/Shanghai' } as const;

/** What is done with teams, by whomever and however often. */
export const teamScenarios: readonly Scenario[] = [
  {
    name: 'createTeam',
    given: async (commands) => {
      await commands.syncAccount({ externalUserId, username: 'alice' }, setup);
    },
    when: (commands, meta) => commands.createTeam({ externalUserId, name: 'The lab' }, meta),
  },
  {
    name: 'addTeamMember',
    given: withTeam,
    when: (commands, meta) => commands.addTeamMember({ externalUserId, member }, meta),
  },
  {
    name: 'assignToken',
    given: withKey,
    when: (commands, meta) => commands.assignToken({ externalUserId, member, tokenId: 1 }, meta),
  },
  {
    name: 'setBudget',
    given: withKey,
    when: (commands, meta) => commands.setBudget({ externalUserId, of: { member }, ...monthly }, meta),
  },
  {
    name: 'removeTeamMember',
    given: async (commands) => {
      await withKey(commands);
      await commands.assignToken({ externalUserId, member, tokenId: 1 }, setup);
    },
    when: (commands, meta) => commands.removeTeamMember({ externalUserId, member }, meta),
    then: async (world) => expect(await world.events('token-revoked')).toHaveLength(1),
  },
];
