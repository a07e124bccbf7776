import { existingAccount } from '../../../endpoint.js';
import { externalUserIdField } from '../../../fields.js';
import { planEndpoints } from '../../plans/endpoints.js';
import { MOST_SHOWN } from '../../plans/schema.js';

/** What the users of a front end subscribe to. */
export const userPlanEndpoints = planEndpoints({
  area: 'external',
  path: '/{external_user_id}',
  input: { external_user_id: externalUserIdField },
  reads: 'read',
  writes: 'topups',
  failures: [],
  operationIds: {
    plans: 'listUserPlans',
    subscription: 'getUserSubscription',
    order: 'orderUserPlan',
    cancel: 'cancelUserSubscription',
  },
  of: async (input, context) => {
    const account = await existingAccount(context, String(input.external_user_id));
    const { accountId, externalUserId } = account;
    const { readModels, commands, meta } = context;
    return {
      plans: (planId) => readModels.plans(planId),
      subscriptions: () => readModels.subscriptions({ accountId }, { limit: MOST_SHOWN }),
      cancel: (planId) => commands.cancelSubscription({ externalUserId, planId }, meta),
      orders: context.ordersOf(account),
    };
  },
  deskOf: ({ payments }) => payments,
});
