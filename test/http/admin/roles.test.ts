import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Role, roles } from '../../../src/domain/operator/roles.js';
import { fullPath } from '../../../src/http/areas.js';
import { apiEndpoints } from '../../../src/http/routes/endpoints.js';
import { type AdminServer, startAdminServer } from '../support/admin-server.js';

const everybody: readonly Role[] = roles;
const runs: readonly Role[] = ['admin', 'operator'];
const money: readonly Role[] = ['admin', 'finance'];
const reads: readonly Role[] = ['admin', 'auditor', 'operator'];
const audits: readonly Role[] = ['admin', 'finance', 'auditor'];

/** Who may call what: an endpoint without a row here fails the test. */
const table: Readonly<Record<string, readonly Role[]>> = {
  adminRenew: everybody,
  adminMe: everybody,
  adminChangePassword: everybody,
  adminListOperators: ['admin', 'auditor'],
  adminListTraces: ['admin', 'auditor'],
  adminCreateOperator: ['admin'],
  adminChangeOperator: ['admin'],
  adminSetOperatorPassword: ['admin'],
  adminListSettings: everybody,
  adminChangeSetting: runs,
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
  adminShowChannelState: reads,
  adminTestChannel: runs,
  adminSearchUsers: everybody,
  adminShowUser: everybody,
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
  auditBalance: audits,
  auditStatement: audits,
  auditExplain: audits,
  auditHistory: audits,
  auditDiff: audits,
  auditExport: audits,
  auditReconcileProvider: audits,
  auditReconcileUpstream: audits,
};
/** They need no role, or end the login that the others are asked with. */
const apart = ['adminLogin', 'adminLogout'];

const endpoints = apiEndpoints({ minUsd: '0.01', maxUsd: '1' }).filter(
  ({ area, operationId }) => (area === 'admin' || area === 'audit') && !apart.includes(operationId),
);

let world: AdminServer;
beforeAll(async () => {
  world = await startAdminServer();
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
