import type { Command } from 'commander';
import { amountText, minorOfText } from '../../domain/money/currency.js';
import { parseDecimal } from '../../domain/money/decimal.js';
import { quotaOfUsd, usdOfQuota } from '../../domain/money/quota.js';
import { MOST_MONTHS, planIdField } from '../../domain/plan/events.js';
import type { PlanTerms } from '../../domain/plan/state.js';
import { listPlans, listSubscriptions, type PlanView } from '../../projections/subscription/query.js';
import { createContext, withFoundation } from '../context.js';
import { UsageError } from '../exit-codes.js';
import { commandsBesideService, operatorMeta } from '../operator.js';
import { type Row, table, toJson } from '../output.js';

interface PublishOptions {
  readonly name: string;
  readonly description: string;
  readonly usd: string;
  readonly months: string;
  readonly price: readonly string[];
  readonly priority: string;
  readonly sold: boolean;
  readonly by: string;
}

const MOST_LISTED = 1_000;

/** `counterfoil plans` */
export function addPlanCommands(program: Command): void {
  const plans = program.command('plans').description('what is sold by the period');
  plans
    .command('list')
    .description('show the plans, each in its newest version')
    .option('--json', 'print JSON')
    .action(list);
  plans
    .command('publish <plan_id>')
    .description('publish a plan, or a new version of it; PLANS must be on')
    .requiredOption('--name <name>', 'what people read')
    .option('--description <text>', 'what else they read', '')
    .requiredOption('--usd <amount>', 'what a period gives, in dollars; at most 6 places')
    .option('--months <number>', `how long a period is, 1 to ${MOST_MONTHS}`, '1')
    .requiredOption('--price <currency=amount...>', 'of a period: CNY=99, once for each currency')
    .option('--priority <number>', 'of two lots the lower burns first; what was paid for has 100', '100')
    .option('--no-sold', 'it cannot be bought any more')
    .requiredOption('--by <name>', 'who decided it: an operator')
    .action(publish);
  plans
    .command('subscriptions')
    .description('show who subscribed, the newest first')
    .option('--user <external_user_id>', 'of one user alone')
    .option('--json', 'print JSON')
    .action(subscriptions);
}

async function list({ json }: { readonly json?: boolean }): Promise<void> {
  const context = createContext();
  await withFoundation(context, async ({ database }) => {
    const plans = await listPlans(database.pool);
    context.terminal.out(json ? toJson(plans) : table(PLAN_COLUMNS, plans.map(rowOf)));
  });
}

const PLAN_COLUMNS = ['plan', 'version', 'name', 'gives USD', 'months', 'prices', 'sold', 'subscribers'];

const rowOf = (plan: PlanView): Row => ({
  plan: plan.planId,
  version: plan.version,
  name: plan.name,
  'gives USD': usdOfQuota(plan.quota),
  months: plan.months,
  prices: plan.prices.map(({ currency, minor }) => `${amountText(minor, currency)} ${currency}`).join(', '),
  sold: plan.isOffered,
  subscribers: plan.subscribers,
});

async function publish(planId: string, options: PublishOptions): Promise<void> {
  const meta = operatorMeta({ by: options.by, reason: 'published' });
  if (!planIdField.safeParse(planId).success)
    throw new UsageError('<plan_id> has 1 to 40 small letters, digits and dashes');
  const terms = termsOf(options);
  const context = createContext();
  await withFoundation(context, async (foundation) => {
    const result = await commandsBesideService(foundation).publishPlan({ planId, terms }, meta);
    if (!result.ok) throw new UsageError(`nothing was published: ${toJson(result.refusal)}`);
    const done = result.replayed ? 'it is so already' : 'published';
    context.terminal.err(`${planId}: ${done}, version ${result.value.version}`);
  });
}

function termsOf({ name, description, usd, months, price, priority, sold }: PublishOptions): PlanTerms {
  const amount = parseDecimal(usd);
  if (!amount || amount.scale > 6) throw new UsageError('--usd is an amount such as 20');
  if (name.length < 1 || name.length > 100) throw new UsageError('--name has 1 to 100 characters');
  if (description.length > 1_000) throw new UsageError('--description has at most 1000 characters');
  return {
    name,
    description,
    quota: quotaOfUsd(amount),
    months: wholeNumber('--months', months, 1, MOST_MONTHS),
    prices: price.map(priceOf),
    priority: wholeNumber('--priority', priority, 0, 1_000),
    is_offered: sold,
  };
}

function priceOf(text: string): PlanTerms['prices'][number] {
  const [, currency = '', amount = ''] = /^([A-Z]{3})=(.+)$/.exec(text) ?? [];
  const minor = minorOfText(amount, currency);
  if (minor === undefined) throw new UsageError(`--price ${text}: it is a currency and an amount, CNY=99`);
  return { currency, minor };
}

function wholeNumber(option: string, text: string, least: number, most: number): number {
  const number = /^\d{1,4}$/.test(text) ? Number(text) : -1;
  if (number < least || number > most)
    throw new UsageError(`${option} is a whole number from ${least} to ${most}`);
  return number;
}

async function subscriptions({
  user,
  json,
}: {
  readonly user?: string;
  readonly json?: boolean;
}): Promise<void> {
  const context = createContext();
  await withFoundation(context, async ({ database }) => {
    const found = await listSubscriptions(database.pool, { externalUserId: user }, { limit: MOST_LISTED });
    const rows = found.flatMap(({ externalUserId, planId, status, periods }) =>
      periods.map((period): Row => ({
        user: externalUserId,
        plan: planId,
        state: status,
        period: period.period,
        begins: period.startsAt.toISOString(),
        ends: period.endsAt.toISOString(),
        'gave USD': usdOfQuota(period.quota),
        'left USD': usdOfQuota(period.remaining),
        returned: period.isReturned,
        order: period.orderId,
      })),
    );
    context.terminal.out(json ? toJson(found) : table(SUBSCRIPTION_COLUMNS, rows));
  });
}

const SUBSCRIPTION_COLUMNS = [
  ...['user', 'plan', 'state', 'period', 'begins', 'ends'],
  ...['gave USD', 'left USD', 'returned', 'order'],
];
