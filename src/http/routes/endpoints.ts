import type { BoundEndpoint } from '../endpoint.js';
import type { AmountLimits } from '../fields.js';
import { adminEndpoints } from './admin/route.js';
import { auditEndpoints } from './audit/route.js';
import { authEndpoints } from './auth/route.js';
import { redeemUserCodeEndpoint } from './external/codes/route.js';
import { userPlanEndpoints } from './external/plans/route.js';
import { userReferralEndpoint } from './external/referrals/route.js';
import { userGrantsEndpoint } from './external/grants/route.js';
import { logsEndpoint } from './external/logs/route.js';
import { userOrderRefundEndpoints } from './external/order-refunds/route.js';
import { userOrderEndpoints } from './external/orders/route.js';
import { modelsEndpoint } from './external/models/route.js';
import { paymentEndpoint, paymentsEndpoint } from './external/payments/route.js';
import { accountEndpoints } from './user/route.js';
import { publicEndpoints } from './public/route.js';
import { balanceProofEndpoint, receiptEndpoint } from './external/receipts/route.js';
import { reversalEndpoint } from './external/refund/reverse.js';
import { refundEndpoint } from './external/refund/route.js';
import { sessionEndpoint } from './external/session/route.js';
import { statsEndpoint } from './external/stats/route.js';
import { batchSyncEndpoint } from './external/sync/batch.js';
import { syncEndpoint } from './external/sync/route.js';
import { userTeamEndpoints } from './external/teams/route.js';
import { tokenEndpoints } from './external/token/route.js';
import { topupEndpoint } from './external/topup/route.js';
import { usersEndpoint } from './external/users/route.js';
import { userEndpoint } from './external/user/route.js';

/** The external API and the audit's questions, in the order of their documentation. Fixed paths come before `/{external_user_id}`. */
export function apiEndpoints(limits: AmountLimits): readonly BoundEndpoint[] {
  return [
    syncEndpoint,
    batchSyncEndpoint,
    topupEndpoint(limits),
    refundEndpoint(limits),
    reversalEndpoint,
    ...tokenEndpoints,
    sessionEndpoint,
    // Before the paths of users: a payment may be called `stats`.
    paymentEndpoint,
    paymentsEndpoint,
    usersEndpoint,
    modelsEndpoint,
    userEndpoint,
    statsEndpoint,
    logsEndpoint,
    receiptEndpoint,
    balanceProofEndpoint,
    ...userOrderEndpoints,
    ...userOrderRefundEndpoints,
    userGrantsEndpoint,
    userReferralEndpoint,
    redeemUserCodeEndpoint,
    ...userPlanEndpoints,
    ...userTeamEndpoints,
    ...authEndpoints,
    ...accountEndpoints,
    ...auditEndpoints,
    ...adminEndpoints(limits),
    ...publicEndpoints,
  ];
}
