import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { readCodesSearch } from './codes/code-queries.ts';
import { readGrantsSearch } from './grants/grant-queries.ts';
import { readFlagsSearch } from './order-flags/flag-queries.ts';
import { readOrdersSearch } from './orders/order-queries.ts';
import { readPaymentsSearch } from './payments/payments-search.ts';
import { readPlansSearch } from './plans/plan-queries.ts';
import { readTeamsSearch } from './teams/team-queries.ts';
import { shell } from './entrance.tsx';

const payments = createRoute({
  getParentRoute: () => shell,
  path: '/admin/payments',
  validateSearch: readPaymentsSearch,
  component: lazyRouteComponent(() => import('./payments/payments-page.tsx'), 'PaymentsPage'),
});

const payment = createRoute({
  getParentRoute: () => shell,
  path: '/admin/payments/$id',
  component: lazyRouteComponent(() => import('./payments/payment-page.tsx'), 'PaymentPage'),
});

const orders = createRoute({
  getParentRoute: () => shell,
  path: '/admin/orders',
  validateSearch: readOrdersSearch,
  component: lazyRouteComponent(() => import('./orders/orders-page.tsx'), 'OrdersPage'),
});

const order = createRoute({
  getParentRoute: () => shell,
  path: '/admin/orders/$id',
  component: lazyRouteComponent(() => import('./orders/order-page.tsx'), 'OrderPage'),
});

const orderFlags = createRoute({
  getParentRoute: () => shell,
  path: '/admin/order-flags',
  validateSearch: readFlagsSearch,
  component: lazyRouteComponent(() => import('./order-flags/flags-page.tsx'), 'FlagsPage'),
});

const grants = createRoute({
  getParentRoute: () => shell,
  path: '/admin/grants',
  validateSearch: readGrantsSearch,
  component: lazyRouteComponent(() => import('./grants/grants-page.tsx'), 'GrantsPage'),
});

const plans = createRoute({
  getParentRoute: () => shell,
  path: '/admin/plans',
  validateSearch: readPlansSearch,
  component: lazyRouteComponent(() => import('./plans/plans-page.tsx'), 'PlansPage'),
});

const codes = createRoute({
  getParentRoute: () => shell,
  path: '/admin/codes',
  validateSearch: readCodesSearch,
  component: lazyRouteComponent(() => import('./codes/codes-page.tsx'), 'CodesPage'),
});

const teams = createRoute({
  getParentRoute: () => shell,
  path: '/admin/teams',
  validateSearch: readTeamsSearch,
  component: lazyRouteComponent(() => import('./teams/teams-page.tsx'), 'TeamsPage'),
});

const team = createRoute({
  getParentRoute: () => shell,
  path: '/admin/teams/$id',
  component: lazyRouteComponent(() => import('./teams/team-page.tsx'), 'TeamPage'),
});

const payProviders = createRoute({
  getParentRoute: () => shell,
  path: '/admin/payment-providers',
  component: lazyRouteComponent(
    () => import('./payment-providers/pay-providers-page.tsx'),
    'PayProvidersPage',
  ),
});

/** What was paid in, what it became, and what is given. */
export const moneyRoutes = [
  payments,
  payment,
  orders,
  order,
  orderFlags,
  grants,
  plans,
  codes,
  teams,
  team,
  payProviders,
] as const;
