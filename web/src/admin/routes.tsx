import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { readActsSearch } from './acts/acts-search.ts';
import { readUsageSearch } from '../usage/usage-search.ts';
import { setup, shell, signIn } from './entrance.tsx';
import { ADMIN_GROUPS } from './usage/groups.ts';
import { readChannelsSearch } from './channels/channels-search.ts';
import { readJobSearch, readLedgerSearch, readVerifySearch } from './ledger/ledger-search.ts';
import { readLogsSearch } from './logs/logs-search.ts';
import { moneyRoutes } from './money-routes.tsx';
import { readOutboxSearch } from './outbox/outbox-queries.ts';
import { readOverviewSearch } from './overview/overview-search.ts';
import { readPricesSearch } from './prices/prices-search.ts';
import { readUserSearch } from './user/user-search.ts';
import { readUsersSearch } from './users/users-search.ts';

const overview = createRoute({
  getParentRoute: () => shell,
  path: '/admin',
  validateSearch: readOverviewSearch,
  component: lazyRouteComponent(() => import('./overview/overview-page.tsx'), 'OverviewPage'),
});

const account = createRoute({
  getParentRoute: () => shell,
  path: '/admin/account',
  component: lazyRouteComponent(() => import('./account/account-page.tsx'), 'AccountPage'),
});

const usage = createRoute({
  getParentRoute: () => shell,
  path: '/admin/usage',
  validateSearch: readUsageSearch(ADMIN_GROUPS),
  component: lazyRouteComponent(() => import('./usage/usage-page.tsx'), 'AdminUsagePage'),
});

const users = createRoute({
  getParentRoute: () => shell,
  path: '/admin/users',
  validateSearch: readUsersSearch,
  component: lazyRouteComponent(() => import('./users/users-page.tsx'), 'UsersPage'),
});

const user = createRoute({
  getParentRoute: () => shell,
  path: '/admin/users/$id',
  validateSearch: readUserSearch,
  component: lazyRouteComponent(() => import('./user/user-page.tsx'), 'UserPage'),
});

const channels = createRoute({
  getParentRoute: () => shell,
  path: '/admin/channels',
  validateSearch: readChannelsSearch,
  component: lazyRouteComponent(() => import('./channels/channels-page.tsx'), 'ChannelsPage'),
});

const newChannel = createRoute({
  getParentRoute: () => shell,
  path: '/admin/channels/new',
  component: lazyRouteComponent(() => import('./channel/new-channel-page.tsx'), 'NewChannelPage'),
});

const channel = createRoute({
  getParentRoute: () => shell,
  path: '/admin/channels/$id',
  component: lazyRouteComponent(() => import('./channel/channel-page.tsx'), 'ChannelPage'),
});

const prices = createRoute({
  getParentRoute: () => shell,
  path: '/admin/prices',
  validateSearch: readPricesSearch,
  component: lazyRouteComponent(() => import('./prices/prices-page.tsx'), 'PricesPage'),
});

const logs = createRoute({
  getParentRoute: () => shell,
  path: '/admin/logs',
  validateSearch: readLogsSearch,
  component: lazyRouteComponent(() => import('./logs/logs-page.tsx'), 'LogsPage'),
});

const ledger = createRoute({
  getParentRoute: () => shell,
  path: '/admin/ledger',
  validateSearch: readLedgerSearch,
  component: lazyRouteComponent(() => import('./ledger/ledger-page.tsx'), 'LedgerPage'),
});

const verify = createRoute({
  getParentRoute: () => shell,
  path: '/admin/ledger/verify',
  validateSearch: readVerifySearch,
  component: lazyRouteComponent(() => import('./ledger/verify/verify-page.tsx'), 'VerifyPage'),
});

const reconcile = createRoute({
  getParentRoute: () => shell,
  path: '/admin/ledger/reconcile',
  component: lazyRouteComponent(() => import('./ledger/reconcile/reconcile-page.tsx'), 'ReconcilePage'),
});

const job = createRoute({
  getParentRoute: () => shell,
  path: '/admin/ledger/jobs/$id',
  validateSearch: readJobSearch,
  component: lazyRouteComponent(() => import('./ledger/jobs/job-page.tsx'), 'JobPage'),
});

const operators = createRoute({
  getParentRoute: () => shell,
  path: '/admin/operators',
  component: lazyRouteComponent(() => import('./operators/operators-page.tsx'), 'OperatorsPage'),
});

const serviceKeys = createRoute({
  getParentRoute: () => shell,
  path: '/admin/service-keys',
  component: lazyRouteComponent(() => import('./service-keys/service-keys-page.tsx'), 'ServiceKeysPage'),
});

const acts = createRoute({
  getParentRoute: () => shell,
  path: '/admin/acts',
  validateSearch: readActsSearch,
  component: lazyRouteComponent(() => import('./acts/acts-page.tsx'), 'ActsPage'),
});

const alerts = createRoute({
  getParentRoute: () => shell,
  path: '/admin/alerts',
  component: lazyRouteComponent(() => import('./alerts/alerts-page.tsx'), 'AlertsPage'),
});

const mail = createRoute({
  getParentRoute: () => shell,
  path: '/admin/mail',
  component: lazyRouteComponent(() => import('./mail/mail-page.tsx'), 'MailPage'),
});

const outbox = createRoute({
  getParentRoute: () => shell,
  path: '/admin/outbox',
  validateSearch: readOutboxSearch,
  component: lazyRouteComponent(() => import('./outbox/outbox-page.tsx'), 'OutboxPage'),
});

const system = createRoute({
  getParentRoute: () => shell,
  path: '/admin/system',
  component: lazyRouteComponent(() => import('./system/system-page.tsx'), 'SystemPage'),
});

const settings = createRoute({
  getParentRoute: () => shell,
  path: '/admin/settings',
  component: lazyRouteComponent(() => import('./settings/settings-page.tsx'), 'SettingsPage'),
});

/** The pages of Admin: each is loaded when it is gone to. */
export const adminRoutes = [
  signIn,
  setup,
  shell.addChildren([
    overview,
    account,
    usage,
    users,
    user,
    channels,
    newChannel,
    channel,
    prices,
    alerts,
    logs,
    ...moneyRoutes,
    ledger,
    verify,
    reconcile,
    job,
    operators,
    serviceKeys,
    acts,
    mail,
    outbox,
    system,
    settings,
  ]),
] as const;
