import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Role, roles } from '../../../src/domain/operator/roles.js';
import { settingKeys } from '../../../src/domain/setting/settings.js';
import { ACCESS_KEY_BYTES, formatAccessKey } from '../../../src/domain/token/access-key.js';
import { fullPath } from '../../../src/http/areas.js';
import { apiEndpoints } from '../../../src/http/routes/endpoints.js';
import { type Scope, scopes } from '../../../src/http/ports.js';
import type { AdminServer } from '../support/admin-server.js';
import { PASSWORD, type PeopleServer, startPeopleServer } from '../support/people-server.js';

const everybody: readonly Role[] = roles;
const runs: readonly Role[] = ['admin', 'operator'];
const money: readonly Role[] = ['admin', 'finance'];
const reads: readonly Role[] = ['admin', 'auditor', 'operator'];
const audits: readonly Role[] = ['admin', 'finance', 'auditor'];

/** Who may call what: an endpoint without a row here fails the test. */
const table: Readonly<Record<string, readonly Role[]>> = {
  adminEndSession: everybody,
  adminListSessions: everybody,
  adminEndOwnSession: everybody,
  adminEndOtherSessions: everybody,
  adminListOperatorSessions: ['admin'],
  adminEndSessionOfOperator: ['admin'],
  adminStepUp: everybody,
  adminListPasskeys: everybody,
  adminBeginPasskey: everybody,
  adminAddPasskey: everybody,
  adminChangePasskey: everybody,
  adminRemovePasskey: everybody,
  adminTotp: everybody,
  adminBeginTotp: everybody,
  adminConfirmTotp: everybody,
  adminRemoveTotp: everybody,
  adminRenewRecoveryCodes: everybody,
  adminClearSecondFactor: ['admin'],
  adminListMails: runs,
  adminTestMail: runs,
  adminRenew: everybody,
  adminMe: everybody,
  adminShowChecklist: everybody,
  adminChangePassword: everybody,
  adminListOperators: ['admin', 'auditor'],
  adminListTraces: ['admin', 'auditor'],
  adminListAlertRules: everybody,
  adminListFiredAlerts: everybody,
  adminAcknowledgeAlert: runs,
  adminSnoozeAlert: runs,
  adminResolveAlert: runs,
  adminTestNotification: runs,
  adminChangeAlertRule: runs,
  adminSaveAlertReceiver: runs,
  adminRemoveAlertReceiver: runs,
  adminListActs: ['admin', 'auditor'],
  adminExportActs: ['admin', 'auditor'],
  adminCreateOperator: ['admin'],
  adminChangeOperator: ['admin'],
  adminSetOperatorPassword: ['admin'],
  adminShowOverview: everybody,
  adminShowSystem: reads,
  adminListPoison: audits,
  adminShowPoison: audits,
  adminSkipPoison: ['admin'],
  adminListOutbox: runs,
  adminShowOutboxMessage: runs,
  adminRetryOutboxMessage: runs,
  adminRetryOutbox: runs,
  adminDiscardOutboxMessage: runs,
  adminStartJob: money,
  adminListJobs: audits,
  adminShowJobChoices: audits,
  adminShowJob: audits,
  adminCancelJob: money,
  adminShowJobResult: audits,
  adminUploadJobFile: money,
  adminListSettings: everybody,
  adminChangeSetting: runs,
  adminListIdentityProviders: everybody,
  adminSaveIdentityProvider: ['admin'],
  adminRemoveIdentityProvider: ['admin'],
  adminShowPrices: everybody,
  adminPublishPrices: money,
  adminListPriceVersions: everybody,
  adminShowPriceVersion: everybody,
  adminListChannels: reads,
  adminShowChannel: reads,
  adminConfigureChannel: runs,
  adminEnableChannel: runs,
  adminDisableChannel: runs,
  adminEnableChannelKey: runs,
  adminDisableChannelKey: runs,
  adminListChannelStates: reads,
  adminShowNextCall: reads,
  adminShowChannelState: reads,
  adminTestChannel: runs,
  adminTryChannel: runs,
  adminShowAddressesOfDraft: runs,
  adminListModelsOfDraft: runs,
  adminListUpstreamModels: runs,
  adminSearchUsers: everybody,
  adminShowUser: everybody,
  adminInviteUser: runs,
  adminInviteUserAgain: runs,
  adminEndUserSessions: runs,
  adminClearUserSecondFactor: runs,
  adminSuspendUser: runs,
  adminReinstateUser: runs,
  adminChangeUserGroup: runs,
  adminAdjustUser: money,
  adminListAdjustments: money,
  adminApproveAdjustment: money,
  adminDeclineAdjustment: money,
  adminEraseUser: ['admin'],
  adminListDoubts: everybody,
  adminShowDoubt: everybody,
  adminSettleDoubt: money,
  adminSearchKeys: everybody,
  adminListHangUps: everybody,
  adminDisableKey: runs,
  adminEnableKey: runs,
  adminRevokeKey: runs,
  adminListServiceKeys: reads,
  adminCreateServiceKey: ['admin'],
  adminRevokeServiceKey: ['admin'],
  adminShowUsage: everybody,
  adminListLogs: everybody,
  adminShowLog: everybody,
  adminListPayments: audits,
  adminShowPayment: audits,
  adminRefundPayment: money,
  adminReversePaymentRefund: money,
  adminListOrders: audits,
  adminShowOrder: audits,
  adminRecheckOrder: money,
  adminRecordSighting: money,
  adminListOrderFlags: audits,
  adminSettleOrderFlag: money,
  adminListRefunds: audits,
  adminRefundOrder: money,
  adminGoOnWithRefund: money,
  adminSettleRefund: money,
  adminListGrants: audits,
  adminGiveGrant: money,
  adminWithdrawGrant: money,
  adminListPlans: audits,
  adminPublishPlan: money,
  adminListSubscriptions: audits,
  adminListTeams: audits,
  adminShowTeam: audits,
  adminCreateTeam: money,
  adminAddTeamMember: money,
  adminRemoveTeamMember: money,
  adminSetMemberBudget: money,
  adminAssignKey: money,
  adminSetKeyBudget: money,
  adminListReferrals: audits,
  adminBindReferral: money,
  adminListCodeBatches: audits,
  adminMakeCodes: money,
  adminVoidCode: money,
  adminLookUpCode: audits,
  adminVoidCodeBatch: money,
  adminListPaymentProviders: audits,
  adminConfigurePaymentProvider: ['admin'],
  adminEnablePaymentProvider: ['admin'],
  adminDisablePaymentProvider: ['admin'],
  adminTestPaymentAddress: ['admin'],
  auditBalance: audits,
  auditStatement: audits,
  auditExplain: audits,
  auditHistory: audits,
  auditEvents: audits,
  auditReceipt: audits,
  auditBalanceProof: audits,
  auditDiff: audits,
  auditExport: audits,
  auditReconcileProvider: audits,
  auditReconcileUpstream: audits,
};
/** Who may change which setting: one without a row fails the test. */
const settings: Readonly<Record<string, readonly Role[]>> = {
  limits: runs,
  hold_policy: runs,
  portal: runs,
  alerts: runs,
  payments: ['admin'],
  referrals: ['admin'],
  operator_second_factor: ['admin'],
  registration: ['admin'],
  sign_in: ['admin'],
  identity_providers: ['admin'],
  sessions: ['admin'],
};

/** They need no role, or end the login that the others are asked with. */
const apart = [
  'adminLogin',
  'adminLogout',
  'adminBeginSession',
  'adminBeginSessionSecondStep',
  'adminPasskeyOptions',
  'adminBeginSessionByPasskey',
  'adminShowSetup',
  'adminSetup',
];

const everyEndpoint = apiEndpoints({ minUsd: '0.01', maxUsd: '1' });
const endpoints = everyEndpoint.filter(
  ({ area, operationId }) => (area === 'admin' || area === 'audit') && !apart.includes(operationId),
);

/** What a service key of each scope may call: an endpoint without a row here may be called with no service key. */
const ofScopes: Readonly<Partial<Record<string, readonly string[]>>> = {
  users: ['syncUser', 'syncUsers'],
  topups: [
    'topUp',
    'refundTopUp',
    'reverseTopUpRefund',
    'createOrder',
    'checkUserOrder',
    'cancelUserOrder',
    'refundUserOrder',
    'redeemUserCode',
    'orderUserPlan',
    'cancelUserSubscription',
  ],
  tokens: [
    'createToken',
    'deleteToken',
    'changeToken',
    'resetToken',
    'createUserTeam',
    'addUserTeamMember',
    'removeUserTeamMember',
    'setUserMemberBudget',
    'assignUserKey',
    'setUserKeyBudget',
  ],
  read: [
    'getUser',
    'listUsers',
    'getStats',
    'listLogs',
    'getReceipt',
    'getBalanceProof',
    'listOfferedModels',
    'getTopUp',
    'listTopUps',
    'getTopUpOptions',
    'listUserOrders',
    'getOrder',
    'listUserOrderRefunds',
    'listUserGrants',
    'getUserReferral',
    'listUserPlans',
    'getUserSubscription',
    'listUserMemberships',
    'getUserTeam',
  ],
  audit: Object.keys(table).filter((operationId) => operationId.startsWith('audit')),
  sessions: ['createSession'],
} satisfies Record<Scope, readonly string[]>;
/** They ask nobody who they are. */
const open = [
  'adminLogin',
  'adminBeginSession',
  'adminBeginSessionSecondStep',
  'adminPasskeyOptions',
  'adminBeginSessionByPasskey',
  'signInSecondStep',
  'passkeyOptions',
  'listProviders',
  'startAtProvider',
  'signInByProvider',
  'registerByProvider',
  'signInByPasskey',
  'adminShowSetup',
  'adminSetup',
  'signIn',
  'createUserToken',
  'enterByHandover',
  'forgotPassword',
  'resetPassword',
  'confirmEmail',
  'register',
  'verifyEmail',
  'verifyEmailByAddress',
  'resendVerification',
  'pricing',
  'estimate',
  'status',
  'outbox',
];
/** What the person of an account may do, and nobody else: not even an operator. */
const ofPeople = [
  'totp',
  'beginTotp',
  'confirmTotp',
  'removeTotp',
  'renewRecoveryCodes',
  'listSignIns',
  'listIdentities',
  'startLink',
  'linkIdentity',
  'unlinkIdentity',
  'listPasskeys',
  'beginPasskey',
  'addPasskey',
  'changePasskey',
  'removePasskey',
  'signOut',
  'me',
  'renewUserToken',
  'listSessions',
  'endSession',
  'endOtherSessions',
  'changePassword',
  'stepUp',
  'changeEmail',
  'deleteSelf',
  'showSelf',
  'changeSelf',
  'showBalance',
  'proveBalance',
  'showProofs',
  'getOwnReceipt',
  'listKeys',
  'issueKey',
  'issueEphemeralKey',
  'changeKey',
  'deleteKey',
  'resetKey',
  'showUsage',
  'listOwnLogs',
  'exportOwnLogs',
  'showOwnLog',
  'listBilling',
  'listOwnModels',
  'listPlans',
  'showSubscription',
  'orderPlan',
  'cancelSubscription',
  'listMemberships',
  'issueTeamKey',
  'showTeam',
  'createTeam',
  'addTeamMember',
  'removeTeamMember',
  'setMemberBudget',
  'assignKey',
  'setKeyBudget',
  'showAlerts',
  'saveAlerts',
  'testAlerts',
  'listOwnGrants',
  'getOwnReferral',
  'makeOwnReferralCode',
  'redeemCode',
  'showBillingStats',
  'showBilling',
  'listStatements',
  'showStatement',
  'showTopupOptions',
  'placeOrder',
  'listOrders',
  'showOrder',
  'checkOrder',
  'cancelOrder',
];

let world: PeopleServer & Pick<AdminServer, 'as'>;
beforeAll(async () => {
  const people = await startPeopleServer();
  const tokens = new Map<Role, Promise<string>>();
  const as = (role: Role) => {
    const token = tokens.get(role) ?? people.administration.signIn(role, role);
    tokens.set(role, token);
    return token;
  };
  world = { ...people, as };
  for (const role of roles) await world.as(role);
});
afterAll(() => world.close());

it('every endpoint of operators and auditors has a row in the table, and every row an endpoint', () => {
  expect(endpoints.map(({ operationId }) => operationId).sort()).toEqual(Object.keys(table).sort());
});

describe.each(roles)('an operator of the role %s', (role) => {
  it.each(endpoints.map((each) => [each.operationId, each] as const))('%s', async (operationId, each) => {
    const path = fullPath(each).replace(/\{\w+\}/g, 'none');
    const { status, body } = await world.server.raw(path, {
      method: each.method.toUpperCase(),
      headers: { Authorization: `Bearer ${await world.as(role)}`, 'Content-Type': 'application/json' },
      ...(each.method === 'get' ? {} : { body: '{}' }),
    });
    // What is asked is of nobody and nothing, so that what is allowed changes nothing either.
    if (table[operationId]?.includes(role)) expect([401, 403]).not.toContain(status);
    else expect([status, body.code]).toEqual([403, 'forbidden']);
  });
});

it('every setting has a row', () => {
  expect(Object.keys(settings).sort()).toEqual([...settingKeys].sort());
});

it.each(roles)('an operator of the role %s changes the settings that the table says', async (role) => {
  const before = await world.ledger.events('setting-changed');
  for (const key of settingKeys) {
    const { status, body } = await world.server.raw(`/api/admin/settings/${key}`, {
      method: 'PUT',
      headers: { Authorization: `Bearer ${await world.as(role)}`, 'Content-Type': 'application/json' },
      // As it is.
      body: JSON.stringify({ reset: true }),
    });
    const may = settings[key]?.includes(role) ?? false;
    expect([key, status, body.code]).toEqual([key, may ? 200 : 403, may ? undefined : 'forbidden']);
  }
  expect(await world.ledger.events('setting-changed')).toEqual(before);
});

describe.each([...scopes, 'no scope', 'an access key', 'an unknown key', 'nobody'] as const)(
  'who comes with a key of %s',
  (holder) => {
    let headers: Record<string, string> = {};
    beforeAll(async () => {
      const scope = scopes.find((each) => each === holder);
      const { key } = await world.ledger.serviceKeys.create(holder, scope ? [scope] : []);
      const keys: Readonly<Record<string, string>> = {
        'an access key': formatAccessKey(new Uint8Array(ACCESS_KEY_BYTES)),
        'an unknown key': `${key}x`,
      };
      if (holder !== 'nobody') headers = { Authorization: `Bearer ${keys[holder] ?? key}` };
    });

    it('may call what is for it, and nothing else', async () => {
      const isKey = scopes.some((scope) => scope === holder) || holder === 'no scope';
      const answers: string[] = [];
      const expected: string[] = [];
      for (const each of everyEndpoint) {
        const { operationId, method, area } = each;
        const path = fullPath(each).replace(/\{\w+\}/g, 'none');
        const { status } = await world.server.raw(path, {
          method: method.toUpperCase(),
          headers: { ...headers, 'Content-Type': 'application/json' },
          ...(method === 'get' ? {} : { body: '{}' }),
        });
        const allowed = open.includes(operationId) || (ofScopes[holder] ?? []).includes(operationId);
        // To operators and people a service key is no login at all.
        const refusal = isKey && area !== 'admin' && !ofPeople.includes(operationId) ? 403 : 401;
        const isAsked = status !== 401 && status !== 403;
        answers.push(`${operationId} ${isAsked ? 'asked' : status}`);
        expected.push(`${operationId} ${allowed ? 'asked' : refusal}`);
      }
      expect(answers).toEqual(expected);
      expect(answers.length).toBeGreaterThan(70);
    });
  },
);

it('every endpoint of people has a row, and every row an endpoint', () => {
  const found = everyEndpoint
    .filter(({ access }) => access === 'person')
    .map(({ operationId }) => operationId);
  expect(found.sort()).toEqual([...ofPeople].sort());
});

it('an operator may call nothing of people', async () => {
  const Authorization = `Bearer ${await world.as('admin')}`;
  for (const each of everyEndpoint.filter(({ operationId }) => ofPeople.includes(operationId))) {
    const path = fullPath(each).replace(/\{\w+\}/g, 'none');
    const { status } = await world.server.raw(path, {
      method: each.method.toUpperCase(),
      headers: { Authorization },
    });
    expect([each.operationId, status]).toEqual([each.operationId, 401]);
  }
});

it.each(['cookie', 'token'] as const)(
  'the person of an account, by a %s, may call what is of people and nothing else',
  async (how) => {
    const browser = await world.registered(`by ${how}`, `${how}@example.com`);
    const { token } = (
      await browser.call('POST', '/api/auth/token', { login: `by ${how}`, password: PASSWORD })
    ).body.data;
    const headers = { 'Content-Type': 'application/json', 'Sec-Fetch-Site': 'same-origin' };
    const cookie = `counterfoil_session=${browser.cookies.get('counterfoil_session')}`;
    const asked = everyEndpoint.filter(
      ({ operationId }) => !open.includes(operationId) && operationId !== 'signOut',
    );
    // Nothing can be asked by who has deleted the account.
    const isLast = ({ operationId }: (typeof asked)[number]) => Number(operationId === 'deleteSelf');
    for (const each of asked.sort((one, other) => isLast(one) - isLast(other))) {
      const { operationId, method } = each;
      const path = fullPath(each).replace(/\{\w+\}/g, 'none');
      const { status } = await world.server.raw(path, {
        method: method.toUpperCase(),
        headers: {
          ...headers,
          ...(how === 'cookie' ? { Cookie: cookie } : { Authorization: `Bearer ${token}` }),
        },
        ...(method === 'get' ? {} : { body: '{}' }),
      });
      const isAsked = status !== 401 && status !== 403;
      // A token is made of a token alone.
      const may = ofPeople.includes(operationId) && !(how === 'cookie' && operationId === 'renewUserToken');
      expect([operationId, isAsked]).toEqual([operationId, may]);
    }
  },
);
