import { ownAccount } from '../../../endpoint.js';
import { planEndpoints } from '../../plans/endpoints.js';
import { MOST_SHOWN } from '../../plans/schema.js';
import { suspendedRow } from '../failures.js';

/** What people subscribe to themselves. */
export const ownPlanEndpoints = planEndpoints({
  area: 'user',
  path: '',
  input: {},
  reads: 'person',
  writes: 'person',
  failures: [suspendedRow],
  operationIds: {
    plans: 'listPlans',
    subscription: 'showSubscription',
    order: 'orderPlan',
    cancel: 'cancelSubscription',
  },
  of: (_, context) => {
    const { reads, commands, orders } = ownAccount(context);
    return Promise.resolve({
      plans: (planId) => reads.plans(planId),
      subscriptions: () => reads.subscriptions(MOST_SHOWN),
      cancel: (planId) => commands.cancelSubscription(planId, context.meta),
      orders,
    });
  },
  deskOf: ({ payments }) => payments,
});
