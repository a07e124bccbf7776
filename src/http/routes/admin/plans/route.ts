import { z } from 'zod';
import { minorOfText } from '../../../../domain/money/currency.js';
import { quotaOfUsd } from '../../../../domain/money/quota.js';
import { MOST_MONTHS, planIdField } from '../../../../domain/plan/events.js';
import type { SubscriptionView } from '../../../../projections/subscription/query.js';
import { cursorData, cursorInput, cursorPage } from '../../../cursor.js';
import { accepted, type BoundEndpoint, endpoint, projected } from '../../../endpoint.js';
import { invalidRequest } from '../../../failure.js';
import { externalUserIdField, nameText, text } from '../../../fields.js';
import { refused } from '../../../refusals.js';
import { complaints } from '../../../validation.js';
import {
  examplePlan,
  exampleSubscription,
  planData,
  presentPlan,
  presentSubscription,
  subscriptionData,
} from '../../plans/schema.js';
import { signedUsd } from '../users/schema.js';

const list = endpoint({
  method: 'get',
  area: 'admin',
  path: '/plans',
  access: 'payments:read',
  operationId: 'adminListPlans',
  summary: 'List plans',
  description: 'Each in its newest version, also those that are not sold any more.',
  input: z.object({}),
  data: z.object({ plans: z.array(planData) }),
  refusals: [],
  example: { data: { plans: [examplePlan] } },
  handle: async (_, { readModels }) => ({ data: { plans: (await readModels.plans()).map(presentPlan) } }),
});

const publish = endpoint({
  method: 'put',
  area: 'admin',
  path: '/plans/{plan_id}',
  access: 'payments:write',
  freshProof: true,
  operationId: 'adminPublishPlan',
  summary: 'Publish a plan, or a new version of it',
  description:
    'From here on it is sold so; what was ordered before stays as it was. The same terms again change nothing. Turned on by PLANS.',
  input: z.object({
    plan_id: planIdField.meta({ description: 'small letters, digits and dashes; for ever' }),
    name: nameText(1, 100),
    description: text(0, 1_000).optional(),
    amount_usd: signedUsd.meta({ description: 'what a period gives, in dollars' }),
    months: z.int().min(1).max(MOST_MONTHS).meta({ description: 'how long a period is' }),
    prices: z
      .array(z.object({ currency: z.string().regex(/^[A-Z]{3}$/), amount: nameText(1, 20) }))
      .min(1)
      .max(20)
      .meta({ description: 'of a period, each in units of its own currency as decimal text' }),
    priority: z
      .int()
      .min(0)
      .max(1_000)
      .meta({ description: 'the lower burns first; default: 100' })
      .optional(),
    is_offered: z.boolean().meta({ description: 'whether it can be bought; default: it can' }).optional(),
  }),
  exactNumbers: ['amount_usd'],
  data: planData,
  refusals: ['plan_invalid', 'plans_off'],
  example: {
    request: {
      name: 'Monthly',
      description: '20 dollars of calls a month',
      amount_usd: 20,
      months: 1,
      prices: [{ currency: 'CNY', amount: '99' }],
    },
    data: examplePlan,
  },
  handle: async ({ plan_id: planId, amount_usd, prices, ...input }, context) => {
    const { name, description = '', months, priority = 100, is_offered = true } = input;
    const terms = {
      ...{ name, description, months, priority, is_offered },
      quota: quotaOfUsd(amount_usd),
      prices: prices.map(({ currency, amount }, index) => {
        const minor = minorOfText(amount, currency);
        if (minor === undefined) throw noAmount(index);
        return { currency, minor };
      }),
    };
    const { position, replayed } = accepted(
      await context.commands.publishPlan({ planId, terms }, context.meta),
    );
    await projected(context, position);
    const [plan] = await context.readModels.plans(planId);
    if (!plan) throw refused({ code: 'plan_not_found' });
    return { data: presentPlan(plan), replayed };
  },
});

const noAmount = (index: number) =>
  invalidRequest([
    {
      field: `prices.${index}.amount`,
      ...complaints.type(
        '应为该货币的金额',
        'must be an amount of the currency, with no more places than it has',
      ),
    },
  ]);

const subscriptions = endpoint({
  method: 'get',
  area: 'admin',
  path: '/subscriptions',
  access: 'payments:read',
  operationId: 'adminListSubscriptions',
  summary: 'List who subscribed to plans',
  description: 'The newest first, each with its newest periods and what of them is left.',
  input: z.object({
    external_user_id: externalUserIdField.optional(),
    plan_id: nameText(1, 40).optional(),
    state: z.enum(['open', 'over']).optional(),
    ...cursorInput,
  }),
  data: z.object({ subscriptions: z.array(subscriptionData), ...cursorData }),
  refusals: [],
  example: {
    data: { subscriptions: [exampleSubscription], next_cursor: null, total: 1, total_capped: false },
  },
  handle: async (input, { readModels, now }) => {
    const filter = {
      externalUserId: input.external_user_id,
      planId: input.plan_id,
      state: input.state,
    };
    const { rows, page } = await cursorPage(
      input,
      ({ position }: SubscriptionView) => position,
      (some) => readModels.subscriptions(filter, some),
      (most) => readModels.countSubscriptions(filter, most),
    );
    return { data: { subscriptions: rows.map((row) => presentSubscription(row, now)), ...page } };
  },
});

export const planEndpoints: readonly BoundEndpoint[] = [list, publish, subscriptions];
