import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { rootRoute } from '../root-route.tsx';
import { readUsageSearch } from '../usage/usage-search.ts';
import { readReturn, signedInFor } from '../session/guard.ts';
import { personQuery } from '../session/person.ts';
import { readBillingSearch } from './billing/billing-search.ts';
import { readConnectSearch } from './connect/connect-search.ts';
import { PORTAL_GROUPS } from './usage/groups.ts';
import { readLogsSearch } from './logs/logs-search.ts';
import { readKeysSearch } from './keys/keys-search.ts';

const gate = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/portal/sign-in',
    validateSearch: readReturn('/portal'),
    component: lazyRouteComponent(() => import('./sign-in/sign-in-page.tsx'), 'SignInPage'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/portal/enter',
    component: lazyRouteComponent(() => import('./enter/enter-page.tsx'), 'EnterPage'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/portal/callback/$provider',
    component: lazyRouteComponent(() => import('./callback/callback-page.tsx'), 'CallbackPage'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/portal/register',
    component: lazyRouteComponent(() => import('./register/register-page.tsx'), 'RegisterPage'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/portal/verify',
    component: lazyRouteComponent(() => import('./register/verify-page.tsx'), 'VerifyPage'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/portal/forgot',
    component: lazyRouteComponent(() => import('./recover/forgot-page.tsx'), 'ForgotPage'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/portal/email',
    component: lazyRouteComponent(() => import('./recover/email-page.tsx'), 'EmailPage'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/portal/reset',
    component: lazyRouteComponent(() => import('./recover/reset-page.tsx'), 'ResetPage'),
  }),
] as const;

const shell = createRoute({
  getParentRoute: () => rootRoute,
  id: '_portal',
  component: lazyRouteComponent(() => import('./portal-shell.tsx'), 'PortalShell'),
});

const models = createRoute({
  getParentRoute: () => shell,
  path: '/portal/models',
  validateSearch: ({
    group,
    q,
  }: Record<string, unknown>): { group?: string | undefined; q?: string | undefined } => ({
    ...(typeof group === 'string' && { group }),
    ...(typeof q === 'string' && { q }),
  }),
  component: lazyRouteComponent(() => import('./models/models-page.tsx'), 'ModelsPage'),
});

const outbox = createRoute({
  getParentRoute: () => shell,
  path: '/portal/outbox',
  component: lazyRouteComponent(() => import('./outbox/outbox-page.tsx'), 'OutboxPage'),
});

/** What only who has signed in is shown. */
const signedIn = createRoute({
  getParentRoute: () => shell,
  id: '_signed-in',
  beforeLoad: signedInFor(personQuery, '/portal/sign-in'),
});

const settings = createRoute({
  getParentRoute: () => signedIn,
  path: '/portal/settings',
  component: lazyRouteComponent(() => import('./settings/settings-page.tsx'), 'SettingsPage'),
});

const keys = createRoute({
  getParentRoute: () => signedIn,
  path: '/portal/keys',
  validateSearch: readKeysSearch,
  component: lazyRouteComponent(() => import('./keys/keys-page.tsx'), 'KeysPage'),
});

const connect = createRoute({
  getParentRoute: () => signedIn,
  path: '/portal/connect',
  validateSearch: readConnectSearch,
  component: lazyRouteComponent(() => import('./connect/connect-page.tsx'), 'ConnectPage'),
});

const playground = createRoute({
  getParentRoute: () => signedIn,
  path: '/portal/playground',
  validateSearch: ({ model }: Record<string, unknown>): { model?: string | undefined } =>
    typeof model === 'string' ? { model } : {},
  component: lazyRouteComponent(() => import('./playground/playground-page.tsx'), 'PlaygroundPage'),
});

const usage = createRoute({
  getParentRoute: () => signedIn,
  path: '/portal/usage',
  validateSearch: readUsageSearch(PORTAL_GROUPS),
  component: lazyRouteComponent(() => import('./usage/usage-page.tsx'), 'UsagePage'),
});

const logs = createRoute({
  getParentRoute: () => signedIn,
  path: '/portal/logs',
  validateSearch: readLogsSearch,
  component: lazyRouteComponent(() => import('./logs/logs-page.tsx'), 'LogsPage'),
});

const log = createRoute({
  getParentRoute: () => signedIn,
  path: '/portal/logs/$id',
  component: lazyRouteComponent(() => import('./logs/log-page.tsx'), 'LogPage'),
});

const topUp = createRoute({
  getParentRoute: () => signedIn,
  path: '/portal/top-up',
  validateSearch: ({ cursor }: Record<string, unknown>): { cursor?: string | undefined } =>
    typeof cursor === 'string' || typeof cursor === 'number' ? { cursor: String(cursor) } : {},
  component: lazyRouteComponent(() => import('./top-up/top-up-page.tsx'), 'TopUpPage'),
});

const order = createRoute({
  getParentRoute: () => signedIn,
  path: '/portal/top-up/$id',
  component: lazyRouteComponent(() => import('./top-up/order-page.tsx'), 'OrderPage'),
});

/** Where providers send whoever has paid. */
const paid = createRoute({
  getParentRoute: () => rootRoute,
  path: '/portal/topup/$id',
  beforeLoad: ({ params: { id } }) => {
    redirect({ to: '/portal/top-up/$id', params: { id }, replace: true, throw: true });
  },
});

const plans = createRoute({
  getParentRoute: () => signedIn,
  path: '/portal/plans',
  component: lazyRouteComponent(() => import('./plans/plans-page.tsx'), 'PlansPage'),
});

const team = createRoute({
  getParentRoute: () => signedIn,
  path: '/portal/team',
  component: lazyRouteComponent(() => import('./team/team-page.tsx'), 'TeamPage'),
});

const billing = createRoute({
  getParentRoute: () => signedIn,
  path: '/portal/billing',
  validateSearch: readBillingSearch,
  component: lazyRouteComponent(() => import('./billing/billing-page.tsx'), 'BillingPage'),
});

const statement = createRoute({
  getParentRoute: () => signedIn,
  path: '/portal/billing/$month',
  component: lazyRouteComponent(() => import('./billing/statement-page.tsx'), 'StatementPage'),
});

const proof = createRoute({
  getParentRoute: () => signedIn,
  path: '/portal/proof',
  validateSearch: ({ day }: Record<string, unknown>): { day?: string | undefined } =>
    typeof day === 'string' ? { day } : {},
  component: lazyRouteComponent(() => import('./proof/proof-page.tsx'), 'ProofPage'),
});

const alerts = createRoute({
  getParentRoute: () => signedIn,
  path: '/portal/alerts',
  component: lazyRouteComponent(() => import('./alerts/alerts-page.tsx'), 'AlertsPage'),
});

const home = createRoute({
  getParentRoute: () => signedIn,
  path: '/portal',
  component: lazyRouteComponent(() => import('./home/home-page.tsx'), 'HomePage'),
});

/** The pages of the Portal: each is loaded when it is gone to. */
export const portalRoutes = [
  ...gate,
  paid,
  shell.addChildren([
    models,
    outbox,
    signedIn.addChildren([
      home,
      topUp,
      order,
      plans,
      team,
      billing,
      statement,
      proof,
      keys,
      connect,
      playground,
      usage,
      logs,
      log,
      alerts,
      settings,
    ]),
  ]),
] as const;
