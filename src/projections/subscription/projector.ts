import type { Projection } from '../runtime/projection.js';
import { projectPlans } from './plans.js';
import { projectSubscriptions } from './subscriptions.js';
import { ddl } from './table.js';

/** Plans in their versions, who subscribed to them, and what each period gave. */
export const subscriptions: Projection = {
  name: 'subscriptions',
  group: 'ledger',
  version: '1',
  tables: ['plans', 'subscriptions', 'subscription_periods'],
  handles: [
    'plan-published',
    'subscription-started',
    'subscription-renewed',
    'subscription-cancelled',
    'subscription-ended',
    'subscription-period-withdrawn',
    'subscription-period-restored',
    'grant-given',
    'grant-closed',
    'grant-expired',
    'grant-withdrawn',
  ],
  ddl,
  async apply(tx, schema, events) {
    await projectPlans(tx, schema, events);
    await projectSubscriptions(tx, schema, events);
  },
};
