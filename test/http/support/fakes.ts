import { firstReferralTerms } from '../../../src/domain/setting/referrals.js';
import type { Commands } from '../../../src/commands/commands.js';
import type { CommandMeta, CommandResult } from '../../../src/commands/handling/command.js';
import type { Refusal } from '../../../src/domain/refusal.js';
import type { ReadModels } from '../../../src/projections/read-models.js';
import type { AccountView } from '../../../src/projections/account/view.js';

export interface CommandCall {
  readonly name: string;
  readonly input: Record<string, unknown>;
  readonly meta: CommandMeta;
}

/** Commands that remember what reached them and answer as told: what the shell makes of a request, without a ledger. */
export function recordingCommands(answer: (call: CommandCall) => unknown): {
  commands: Commands;
  calls: CommandCall[];
} {
  const calls: CommandCall[] = [];
  const commands = new Proxy({} as Commands, {
    get: (_, name) => async (input: Record<string, unknown>, meta: CommandMeta) => {
      const call = { name: String(name), input, meta };
      calls.push(call);
      return answer(call);
    },
  });
  return { commands, calls };
}

export const done = <Value>(value: Value): CommandResult<Value> => ({
  ok: true,
  value,
  position: 1n,
  replayed: false,
});

export const refusedWith = (refusal: Refusal): CommandResult<never> => ({ ok: false, refusal });

export const someAccount: AccountView = {
  accountId: '7d4cf8ab-5f0e-5c5c-9c53-8c1e57d1a001',
  userId: 1,
  externalUserId: 'u1',
  username: 'testuser',
  loginType: 'email',
  affCode: '',
  group: 'default',
  suspended: false,
  erased: false,
  personal: {
    display_name: '测试用户',
    email: 'u1@external.local',
    phone: '',
    wechat_openid: '',
    wechat_unionid: '',
    alipay_userid: '',
    external_data: '',
  },
  balance: 15_000_000n,
  usedQuota: 0n,
  totalRequests: 0,
  createdAt: new Date('2026-01-01T00:00:00Z'),
};

/** Read models of one user, up to date at once. */
export function fakeReadModels(overrides: Partial<ReadModels> = {}): ReadModels {
  return {
    waitFor: async () => true,
    waitForSettled: async () => undefined,
    account: async (id) => (id === someAccount.externalUserId ? someAccount : undefined),
    payment: async () => undefined,
    payments: async () => [],
    accounts: async () => [],
    tokens: async () => [],
    accessKey: async () => undefined,
    wallet: async () => undefined,
    call: async () => undefined,
    logs: async () => ({ rows: [], total: 0, range: { totalTokens: 0n, totalSpend: 0n, totalTopup: 0n } }),
    recentLogs: async () => [],
    modelUsage: async () => [],
    usage: async () => undefined,
    doubts: async () => [],
    doubt: async () => undefined,
    openDoubts: async () => 0,
    grants: async () => [],
    countGrants: async () => 0,
    grant: async () => undefined,
    codeBatches: async () => [],
    countCodeBatches: async () => 0,
    codeBatch: async () => undefined,
    referrals: async () => [],
    countReferrals: async () => 0,
    ownReferral: async () => ({
      ...{ terms: firstReferralTerms, invited: 0, newest: [] },
      sums: { orders: 0, pending: 0n, given: 0n, withdrawn: 0n },
    }),
    plans: async () => [],
    subscriptions: async () => [],
    countSubscriptions: async () => 0,
    teams: async () => [],
    countTeams: async () => 0,
    team: async () => undefined,
    teamsOfMember: async () => [],
    catalogue: async () => ({ priceVersion: 0, prices: [], groups: [], channels: [] }),
    settings: async () => [],
    ...overrides,
  };
}
