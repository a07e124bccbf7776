import type { Command } from 'commander';
import { usdOfQuota } from '../../domain/money/quota.js';
import { listReferrals, type ReferralView } from '../../projections/referral/query.js';
import { createContext, withFoundation } from '../context.js';
import { UsageError } from '../exit-codes.js';
import { commandsBesideService, operatorMeta } from '../operator.js';
import { type Row, table, toJson } from '../output.js';

interface ListOptions {
  readonly user?: string;
  readonly json?: boolean;
}

interface BindOptions {
  readonly inviter: string;
  readonly by: string;
}

const MOST_LISTED = 1_000;

/** `counterfoil referrals` */
export function addReferralCommands(program: Command): void {
  const referrals = program.command('referrals').description('users who were invited by others');
  referrals
    .command('list')
    .description('who was invited by whom, and what that brought, the newest first')
    .option('--user <external_user_id>', 'who was invited, or invited somebody')
    .option('--json', 'print JSON')
    .action(list);
  referrals
    .command('bind <external_user_id>')
    .description('say by whom a user was invited, once and for ever; REFERRALS must be on')
    .requiredOption('--inviter <external_user_id>', 'who invited them')
    .requiredOption('--by <name>', 'who decided it: an operator')
    .action(bind);
}

async function list({ user, json }: ListOptions): Promise<void> {
  const context = createContext();
  await withFoundation(context, async ({ database }) => {
    const asked = { filter: { externalUserId: user }, now: new Date() };
    const found = await listReferrals(database.pool, asked, { limit: MOST_LISTED });
    context.terminal.out(json ? toJson(found) : table(COLUMNS, found.map(rowOf)));
  });
}

const COLUMNS = [
  'user',
  'invited by',
  'at',
  'orders',
  'pending USD',
  'given USD',
  'withdrawn USD',
  'said by',
];

const rowOf = (referral: ReferralView): Row => ({
  user: referral.externalUserId,
  'invited by': referral.inviterExternalUserId,
  at: referral.boundAt.toISOString(),
  orders: referral.orders,
  'pending USD': usdOfQuota(referral.pending),
  'given USD': usdOfQuota(referral.given),
  'withdrawn USD': usdOfQuota(referral.withdrawn),
  'said by': referral.boundBy,
});

async function bind(externalUserId: string, options: BindOptions): Promise<void> {
  const meta = operatorMeta({ by: options.by, reason: 'bound' });
  const context = createContext();
  await withFoundation(context, async (foundation) => {
    const command = { externalUserId, inviterExternalUserId: options.inviter };
    const result = await commandsBesideService(foundation).bindReferral(command, meta);
    if (!result.ok) throw new UsageError(`nobody was bound: ${toJson(result.refusal)}`);
    const done = result.replayed ? 'it is so already' : 'bound';
    context.terminal.err(`${externalUserId}: ${done}, invited by ${options.inviter}`);
  });
}
