import type { FreeEndpoint } from '../endpoint.js';
import type { Route } from '../route.js';
import { tokenLogs, tokenUsage, userSelf } from './new-api.js';
import { billingUsage, subscription } from './openai-billing.js';
import { routerCredits, routerGeneration, routerKey } from './openrouter.js';
import { keyUsage, userBalance } from './plain-balance.js';

/** Every path by which a client asks for an endpoint: with a version and without, and with a slash behind it where New API has one. */
const asked: readonly (readonly [FreeEndpoint, ...string[]])[] = [
  [subscription, '/dashboard/billing/subscription'],
  [billingUsage, '/dashboard/billing/usage'],
  [tokenUsage, '/api/usage/token/'],
  [tokenLogs, '/api/log/token/'],
  [userSelf],
  [userBalance, '/v1/user/balance'],
  [keyUsage],
  [routerKey, '/v1/key', '/api/v1/auth/key', '/v1/auth/key'],
  [routerCredits, '/v1/credits'],
  [routerGeneration, '/v1/generation'],
];

/** What whoever holds an access key asks of it: balance, limit, what was used. */
export const walletRoutes: readonly Route[] = asked.map(([endpoint]) => ({
  method: 'GET',
  path: endpoint.name,
  endpoint,
}));

/** The same by their other paths. */
export const otherWalletRoutes: readonly Route[] = asked.flatMap(([endpoint, ...paths]) =>
  paths.map((path): Route => ({ method: 'GET', path, endpoint })),
);
