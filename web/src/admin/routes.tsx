import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../root-route.tsx';
import { readReturn, signedInFor } from '../session/guard.ts';
import { operatorQuery } from '../session/operator.ts';
import { readUsageSearch } from '../usage/usage-search.ts';
import { ADMIN_GROUPS } from './usage/groups.ts';

const signIn = createRoute({
  getParentRoute: () => rootRoute,
  path: '/admin/sign-in',
  validateSearch: readReturn('/admin'),
  component: lazyRouteComponent(() => import('./sign-in/sign-in-page.tsx'), 'AdminSignInPage'),
});

const shell = createRoute({
  getParentRoute: () => rootRoute,
  id: '_admin',
  beforeLoad: signedInFor(operatorQuery, '/admin/sign-in'),
  component: lazyRouteComponent(() => import('./admin-shell.tsx'), 'AdminShell'),
});

const account = createRoute({
  getParentRoute: () => shell,
  path: '/admin',
  component: lazyRouteComponent(() => import('./account/account-page.tsx'), 'AccountPage'),
});

const usage = createRoute({
  getParentRoute: () => shell,
  path: '/admin/usage',
  validateSearch: readUsageSearch(ADMIN_GROUPS),
  component: lazyRouteComponent(() => import('./usage/usage-page.tsx'), 'AdminUsagePage'),
});

/** The pages of Admin: each is loaded when it is gone to. */
export const adminRoutes = [signIn, shell.addChildren([account, usage])] as const;
