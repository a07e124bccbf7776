import type { BoundEndpoint } from '../../endpoint.js';
import type { AmountLimits } from '../../fields.js';
import { actEndpoints } from './acts/route.js';
import { adjustmentEndpoints } from './adjustments/route.js';
import { alertEndpoints } from './alerts/route.js';
import { liveChannelEndpoints } from './channels/live.js';
import { nextCallEndpoint } from './channels/next-call.js';
import { draftEndpoints } from './channels/draft.js';
import { channelEndpoints } from './channels/route.js';
import { codeEndpoints } from './codes/route.js';
import { doubtEndpoints } from './doubts/route.js';
import { grantEndpoints } from './grants/route.js';
import { identityProviderEndpoints } from './identity-providers/route.js';
import { jobEndpoints } from './jobs/route.js';
import { keyEndpoints } from './keys/route.js';
import { loginEndpoints } from './login/route.js';
import { logEndpoints } from './logs/route.js';
import { mailEndpoints } from './mails/route.js';
import { operatorEndpoints } from './operators/route.js';
import { orderEndpoints } from './orders/route.js';
import { outboxEndpoints } from './outbox/route.js';
import { overviewEndpoints } from './overview/route.js';
import { adminPaymentEndpoints } from './payments/route.js';
import { planEndpoints } from './plans/route.js';
import { poisonEndpoints } from './poison/route.js';
import { priceEndpoints } from './prices/route.js';
import { serviceKeyEndpoints } from './service-keys/route.js';
import { settingEndpoints } from './settings/route.js';
import { setupEndpoints } from './setup/route.js';
import { systemEndpoints } from './system/route.js';
import { adminTeamEndpoints } from './teams/route.js';
import { traceEndpoints } from './traces/route.js';
import { usageEndpoints } from './usage/route.js';
import { invitationEndpoints } from './users/invite.js';
import { userEndpoints } from './users/route.js';

/** What operators do. */
export const adminEndpoints = (limits: AmountLimits): readonly BoundEndpoint[] => [
  ...setupEndpoints,
  ...loginEndpoints,
  ...overviewEndpoints,
  ...systemEndpoints,
  ...jobEndpoints,
  ...poisonEndpoints,
  ...outboxEndpoints,
  ...operatorEndpoints,
  ...traceEndpoints,
  ...actEndpoints,
  ...alertEndpoints,
  ...mailEndpoints,
  ...settingEndpoints,
  ...identityProviderEndpoints,
  ...priceEndpoints,
  ...channelEndpoints,
  ...liveChannelEndpoints,
  nextCallEndpoint,
  ...draftEndpoints,
  ...userEndpoints,
  ...invitationEndpoints,
  ...adjustmentEndpoints,
  ...doubtEndpoints,
  ...keyEndpoints,
  ...serviceKeyEndpoints,
  ...usageEndpoints,
  ...logEndpoints,
  ...adminPaymentEndpoints(limits),
  ...orderEndpoints,
  ...grantEndpoints,
  ...codeEndpoints,
  ...planEndpoints,
  ...adminTeamEndpoints,
];
