import { z } from 'zod';
import { parseDecimal } from '../../../domain/money/decimal.js';
import { usdOfQuota } from '../../../domain/money/quota.js';
import { exactNumber, NumberText } from '../../json/number-text.js';
import { complaints } from '../../validation.js';
import { budgetPeriods } from '../../../domain/team/period.js';
import type { BudgetView, TeamMemberView, TeamRow, TeamView } from '../../../projections/team/query.js';

const time = z.iso.datetime();
const usd = z.string().meta({ description: 'exact decimal text' });

const budgetData = z
  .object({
    quota: z.int().meta({ description: 'what may be spent in each period' }),
    usd,
    period: z.enum(budgetPeriods),
    timezone: z.string().meta({ description: 'in which days begin' }),
    running: z.string().meta({ description: 'the period that runs: `20261130`, `2026W49` or `202611`' }),
    starts_at: time,
    ends_at: time,
    used_quota: z.int().meta({ description: 'in the period that runs' }),
    used_usd: usd,
    left_quota: z.int(),
    left_usd: usd,
  })
  .meta({ id: 'Budget' });

const keyData = z.object({
  token_id: z.int(),
  token_name: z.string(),
  key_mask: z.string(),
  disabled: z.boolean(),
  budget: budgetData.nullable(),
});

const memberData = z.object({
  external_user_id: z.string(),
  added_at: time,
  budget: budgetData.nullable().meta({ description: 'of all keys of theirs; null: what the account has' }),
  keys: z.array(keyData),
});

const ofTeam = {
  external_user_id: z.string().meta({ description: 'whose money it spends' }),
  name: z.string(),
  created_at: time,
};

export const teamData = z.object({ ...ofTeam, members: z.array(memberData) }).meta({ id: 'Team' });
export const teamRowData = z.object({ ...ofTeam, members: z.int() }).meta({ id: 'TeamRow' });

/** A budget as it is asked for. */
const wrong = complaints.type('应为金额，最多 6 位小数', 'must be an amount with at most 6 places');

export const budgetInput = {
  amount_usd: z
    .custom<NumberText | string>((value) => value instanceof NumberText || typeof value === 'string', {
      params: wrong,
    })
    .transform((value, context) => {
      const amount = value instanceof NumberText ? exactNumber(value.text) : parseDecimal(value);
      if (amount && amount.unscaled >= 0n && amount.scale <= 6) return amount;
      context.addIssue({ code: 'custom', params: { ...wrong } });
      return z.NEVER;
    })
    .meta({ type: ['number', 'string'], examples: [20, '0.5'], description: 'dollars for each period' })
    .optional(),
  unlimited: z.boolean().meta({ description: 'instead of an amount: no budget any more' }).optional(),
  period: z.enum(budgetPeriods),
  timezone: z
    .string()
    .min(1)
    .max(64)
    .meta({ description: "an IANA name, such as Asia/Shanghai; default: the ledger's", examples: ['UTC'] })
    .optional(),
};

const presentBudget = (budget: BudgetView | undefined) =>
  budget === undefined
    ? null
    : {
        quota: budget.quota,
        usd: usdOfQuota(budget.quota),
        period: budget.period,
        timezone: budget.timezone,
        running: budget.running.name,
        starts_at: new Date(budget.running.startsMs).toISOString(),
        ends_at: new Date(budget.running.endsMs).toISOString(),
        used_quota: budget.used,
        used_usd: usdOfQuota(budget.used),
        left_quota: budget.quota - budget.used,
        left_usd: usdOfQuota(budget.quota - budget.used),
      };

const presentMember = ({ externalUserId, addedAt, budget, keys }: TeamMemberView) => ({
  external_user_id: externalUserId,
  added_at: addedAt.toISOString(),
  budget: presentBudget(budget),
  keys: keys.map((key) => ({
    token_id: key.tokenId,
    token_name: key.tokenName,
    key_mask: key.keyMask,
    disabled: key.disabled,
    budget: presentBudget(key.budget),
  })),
});

const presentOf = ({ externalUserId, name, createdAt }: Omit<TeamView, 'members'>) => ({
  external_user_id: externalUserId,
  name,
  created_at: createdAt.toISOString(),
});

export const presentTeam = (team: TeamView) => ({
  ...presentOf(team),
  members: team.members.map(presentMember),
});

export const presentTeamRow = (team: TeamRow) => ({ ...presentOf(team), members: team.members });

const exampleBudget = {
  quota: 10_000_000,
  usd: '20',
  period: 'month' as const,
  timezone: 'Asia/Shanghai',
  running: '202611',
  starts_at: '2026-10-31T16:00:00.000Z',
  ends_at: '2026-11-30T16:00:00.000Z',
  used_quota: 2_500_000,
  used_usd: '5',
  left_quota: 7_500_000,
  left_usd: '15',
};

export const exampleTeam = {
  external_user_id: 'user_001',
  name: 'The lab',
  created_at: '2026-11-01T08:00:00.000Z',
  members: [
    {
      external_user_id: 'user_002',
      added_at: '2026-11-01T08:05:00.000Z',
      budget: exampleBudget,
      keys: [{ token_id: 7, token_name: 'laptop', key_mask: 'sk-a…f3Zq', disabled: false, budget: null }],
    },
  ],
};

export const exampleTeamRow = { ...exampleTeam, members: 1 };
