import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../root-route.tsx';
import { readReturn, signedInFor } from '../session/guard.ts';
import { operatorQuery } from '../session/operator.ts';

/** Where operators sign in. */
export const signIn = createRoute({
  getParentRoute: () => rootRoute,
  path: '/admin/sign-in',
  validateSearch: readReturn('/admin'),
  component: lazyRouteComponent(() => import('./sign-in/sign-in-page.tsx'), 'AdminSignInPage'),
});

/** Where the first operator is made. */
export const setup = createRoute({
  getParentRoute: () => rootRoute,
  path: '/admin/setup',
  component: lazyRouteComponent(() => import('./setup/setup-page.tsx'), 'SetupPage'),
});

/** The frame of all other pages, for who is signed in. */
export const shell = createRoute({
  getParentRoute: () => rootRoute,
  id: '_admin',
  beforeLoad: signedInFor(operatorQuery, '/admin/sign-in'),
  component: lazyRouteComponent(() => import('./admin-shell.tsx'), 'AdminShell'),
});
