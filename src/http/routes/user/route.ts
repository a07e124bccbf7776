import type { BoundEndpoint } from '../../endpoint.js';
import { alertEndpoints } from './alerts/route.js';
import { balanceEndpoints } from './balance/route.js';
import { billingEndpoints } from './billing/route.js';
import { redeemCodeEndpoint } from './codes/route.js';
import { ownGrantsEndpoint } from './grants/route.js';
import { keyEndpoints } from './keys/route.js';
import { ownLogEndpoints } from './logs/route.js';
import { ownModelEndpoints } from './models/route.js';
import { ownPlanEndpoints } from './plans/route.js';
import { registerEndpoints } from './register/route.js';
import { selfEndpoints } from './self/route.js';
import { statementEndpoints } from './statements/route.js';
import { ownTeamEndpoints } from './teams/route.js';
import { topupEndpoints } from './topups/route.js';
import { ownUsageEndpoints } from './usage/route.js';

/** What the people of accounts do, each with their own. */
export const accountEndpoints: readonly BoundEndpoint[] = [
  ...registerEndpoints,
  ...selfEndpoints,
  ...balanceEndpoints,
  ...keyEndpoints,
  ...ownModelEndpoints,
  ...ownUsageEndpoints,
  ...ownLogEndpoints,
  ...billingEndpoints,
  ...statementEndpoints,
  ...topupEndpoints,
  ...alertEndpoints,
  ownGrantsEndpoint,
  redeemCodeEndpoint,
  ...ownPlanEndpoints,
  ...ownTeamEndpoints,
];
