import { describe, expect, it } from '@jest/globals';
import type { Asked } from '../../../src/http/area-contexts.js';
import { HttpFailure } from '../../../src/http/failure.js';
import { apiEndpoints } from '../../../src/http/routes/endpoints.js';

const SINCE = 1_795_219_200;
/** Answers nothing: who gets as far as to what is behind it was let through. */
const nothing = new Proxy({}, { get: () => () => ({}) });

const askedOf = (browserSession: string | undefined, passedSeconds: number): Asked => ({
  meta: { actor: 'operator:ann', requestId: 'r' },
  now: new Date((SINCE + passedSeconds) * 1000),
  operator: {
    name: 'ann',
    role: 'admin',
    session: 1n,
    since: SINCE,
    ...(browserSession && { browserSession }),
  },
  person: undefined,
  returnOrigins: [],
  agent: '',
  visitSecret: undefined,
  language: 'en',
  address: '127.0.0.1',
  noted: { last: undefined },
  file: undefined,
  authorize: () => Promise.resolve(),
});

/** What moves money or hands out authority: what a thief of an open browser would do first. */
const guarded = {
  money: [
    'adminAdjustUser',
    'adminApproveAdjustment',
    'adminRefundPayment',
    'adminReversePaymentRefund',
    'adminGiveGrant',
    'adminWithdrawGrant',
    'adminPublishPlan',
    'adminBindReferral',
    'adminCreateTeam',
    'adminAddTeamMember',
    'adminAssignKey',
    'adminSetMemberBudget',
    'adminSetKeyBudget',
    'adminMakeCodes',
    'adminVoidCode',
    'adminVoidCodeBatch',
    'adminRefundOrder',
    'adminSettleRefund',
    'adminRecordSighting',
    'adminSettleOrderFlag',
    'adminSettleDoubt',
    'adminSkipPoison',
    'adminPublishPrices',
    'adminConfigurePaymentProvider',
    'adminEnablePaymentProvider',
    'adminDisablePaymentProvider',
  ],
  authority: [
    'adminCreateOperator',
    'adminChangeOperator',
    'adminSetOperatorPassword',
    'adminCreateServiceKey',
    'adminChangeSetting',
    'adminSaveIdentityProvider',
    'adminRemoveIdentityProvider',
  ],
  'who somebody is': [
    'adminEndSessionOfOperator',
    'adminClearSecondFactor',
    'adminClearUserSecondFactor',
    'adminEraseUser',
    'adminBeginTotp',
    'adminConfirmTotp',
    'adminRemoveTotp',
    'adminRenewRecoveryCodes',
    'adminBeginPasskey',
    'adminAddPasskey',
    'adminChangePasskey',
    'adminRemovePasskey',
  ],
};

/** What operators change without one, and why that is no harm. */
const free = {
  'takes away, and can be undone': [
    'adminSuspendUser',
    'adminReinstateUser',
    'adminDisableKey',
    'adminEnableKey',
    'adminRevokeKey',
    'adminRemoveTeamMember',
    'adminRevokeServiceKey',
    'adminEndUserSessions',
    'adminDeclineAdjustment',
    'adminEnableChannel',
    'adminDisableChannel',
    'adminEnableChannelKey',
    'adminDisableChannelKey',
  ],
  'credits what a provider says, and nothing else': ['adminRecheckOrder'],
  'goes on with what somebody who proved it asked for': ['adminGoOnWithRefund'],
  'asks for the secret itself where it goes elsewhere': [
    'adminConfigureChannel',
    'adminTryChannel',
    'adminTestChannel',
    'adminListModelsOfDraft',
    'adminShowAddressesOfDraft',
  ],
  'one of the groups of the price list, which asks': ['adminChangeUserGroup'],
  'writes to the person, who alone gets the link': ['adminInviteUser', 'adminInviteUserAgain'],
  'tells operators': [
    'adminAcknowledgeAlert',
    'adminSnoozeAlert',
    'adminResolveAlert',
    'adminTestNotification',
    'adminChangeAlertRule',
    'adminSaveAlertReceiver',
    'adminRemoveAlertReceiver',
    'adminTestMail',
    'adminTestPaymentAddress',
    'adminRetryOutboxMessage',
    'adminRetryOutbox',
    'adminDiscardOutboxMessage',
  ],
  'reads, or makes tables that are made of the log': [
    'adminStartJob',
    'adminLookUpCode',
    'adminCancelJob',
    'adminUploadJobFile',
  ],
  'wants the password, or a factor, itself': [
    'adminLogin',
    'adminLogout',
    'adminRenew',
    'adminBeginSession',
    'adminBeginSessionSecondStep',
    'adminPasskeyOptions',
    'adminBeginSessionByPasskey',
    'adminEndSession',
    'adminEndOwnSession',
    'adminEndOtherSessions',
    'adminStepUp',
    'adminChangePassword',
    'adminSetup',
  ],
};

const changing = apiEndpoints({ minUsd: '0.01', maxUsd: '1' }).filter(
  ({ area, method }) => area === 'admin' && method !== 'get',
);
const needed = Object.values(guarded).flat();

describe('the password of the last ten minutes', () => {
  it('is asked for, or not, by a row of this table for all that operators can change', () => {
    const rows = [...needed, ...Object.values(free).flat()];
    expect(changing.map(({ operationId }) => operationId).sort()).toEqual(rows.sort());
  });

  it.each(changing.map((each) => [each.operationId, each] as const))('%s', async (operationId, { run }) => {
    const codeOf = (browserSession: string | undefined, passedSeconds: number) =>
      run({}, askedOf(browserSession, passedSeconds), nothing as never).then(
        () => 'done',
        (error: unknown) => (error instanceof HttpFailure ? error.failure.code : 'another'),
      );
    const isNeeded = needed.includes(operationId);
    expect((await codeOf('session', 600)) === 'step_up_required').toBe(isNeeded);
    expect(await codeOf('session', 599)).not.toBe('step_up_required');
    // A program with a token has nobody to ask.
    expect(await codeOf(undefined, 600)).not.toBe('step_up_required');
  });
});
