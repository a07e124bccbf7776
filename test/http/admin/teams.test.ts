import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accountIdOf } from '../../../src/commands/handling/identifiers.js';
import { createKeyring } from '../../../src/support/keyring.js';
import type { Role } from '../../../src/domain/operator/roles.js';
import { type AdminServer, startAdminServer } from '../support/admin-server.js';

const meta = { actor: 'service-key:1', requestId: 'setup' };
const lab = { externalUserId: 'lab' };
const MONTH = { amount_usd: 20, period: 'month', timezone: 'Asia/Shanghai' };

let world: AdminServer;
let accessKey = '';
beforeAll(async () => {
  world = await startAdminServer();
  for (const externalUserId of ['lab', 'ann', 'ben'])
    await world.ledger.commands.syncAccount({ externalUserId, username: externalUserId }, meta);
  await world.ledger.caughtUp();
});
afterAll(() => world.close());

const call = async (method: string, path: string, body?: unknown, role: Role = 'finance') =>
  world.call(await world.as(role), method, `/teams${path}`, body);
const issue = async (member?: string) => {
  const made = await world.ledger.commands.issueToken(
    {
      ...{ ...lab, tokenName: 'laptop', expiresInDays: null, quotaLimit: null, member },
      ...{ models: [], allowIps: [], group: null },
    },
    meta,
  );
  return made.ok ? made.value : made.refusal;
};
const keyOf = (key: string) =>
  world.ledger.readModels.accessKey(createKeyring(Buffer.alloc(32, 7)).hashAccessKey(key));

describe('teams', () => {
  it('are made once of an account, and shown with nobody in them', async () => {
    expect((await call('PUT', '/lab', { name: 'The lab' }, 'auditor')).status).toBe(403);
    expect((await call('PUT', '/lab/members/ann')).body).toMatchObject({ code: 'team_not_found' });
    expect((await call('GET', '/lab')).body.data).toMatchObject({ team: null });
    expect((await call('PUT', '/lab', { name: 'The lab' })).body.data).toMatchObject({
      ...{ external_user_id: 'lab', name: 'The lab', members: [] },
    });
    expect((await call('PUT', '/lab', { name: 'Another' })).body.data).toMatchObject({ name: 'The lab' });
    expect((await call('PUT', '/nobody', { name: 'x' })).body).toMatchObject({ code: 'account_not_found' });
    expect((await call('GET', '', undefined, 'auditor')).body.data).toMatchObject({
      ...{ teams: [{ external_user_id: 'lab', members: 0 }], total: 1 },
    });
  });

  it('have members with keys, each with what they may spend in a period', async () => {
    expect(await issue('ann')).toEqual({ code: 'team_member_not_found' });
    for (const name of ['ann', 'ben']) await call('PUT', `/lab/members/${name}`);
    const made = await issue('ann');
    if (!('tokenId' in made)) throw new Error(made.code);
    accessKey = made.accessKey ?? '';
    const free = await issue();
    if (!('tokenId' in free)) throw new Error(free.code);
    expect((await call('PUT', `/lab/keys/${free.tokenId}/budget`, MONTH)).body).toMatchObject({
      code: 'token_not_assigned',
    });
    expect(
      (await call('PUT', '/lab/members/ann/budget', { ...MONTH, timezone: 'Moon/Sea' })).body,
    ).toMatchObject({
      ...{ code: 'budget_invalid', details: { detail: expect.stringContaining('timezone') } },
    });
    expect((await call('PUT', '/lab/members/lab/budget', MONTH)).body).toMatchObject({
      code: 'team_member_not_found',
    });
    await call('PUT', '/lab/members/ann/budget', MONTH);
    await call('PUT', `/lab/keys/${free.tokenId}`, { member: 'ben' });
    await call('PUT', `/lab/keys/${free.tokenId}/budget`, { amount_usd: 1.5, period: 'week' });
    const { team } = (await call('GET', '/lab', undefined, 'auditor')).body.data;
    expect(team.members).toMatchObject([
      {
        ...{
          external_user_id: 'ann',
          keys: [{ token_id: made.tokenId, token_name: 'laptop', budget: null }],
        },
        budget: { usd: '20', used_usd: '0', left_usd: '20', period: 'month', timezone: 'Asia/Shanghai' },
      },
      {
        ...{ external_user_id: 'ben', budget: null },
        keys: [{ token_id: free.tokenId, budget: { usd: '1.5', period: 'week', timezone: 'UTC' } }],
      },
    ]);
    const mine = await world.ledger.readModels.teamsOfMember(accountIdOf('ann'), new Date());
    expect(mine.map(({ members }) => members.map(({ externalUserId }) => externalUserId))).toEqual([['ann']]);
    expect((await keyOf(accessKey))?.team).toMatchObject({
      budgets: [{ kind: 'member' }],
      memberGone: false,
    });
    const unlimited = { unlimited: true, period: 'month' };
    for (const body of [{ period: 'month' }, { ...unlimited, amount_usd: 1 }, { ...MONTH, amount_usd: -1 }])
      expect((await call('PUT', '/lab/members/ann/budget', body)).body).toMatchObject({
        ...{ code: 'invalid_request', errors: [{ field: 'amount_usd' }] },
      });
    await call('PUT', '/lab/members/ann/budget', unlimited);
    expect((await keyOf(accessKey))?.team).toMatchObject({ budgets: [] });
  });

  it('let nobody go on who was taken out: their keys are revoked, and those of others are not', async () => {
    const removed = await call('DELETE', '/lab/members/ann', { reason: 'has left' });
    expect(removed.body.data.members).toMatchObject([{ external_user_id: 'ben', keys: [{}] }]);
    expect(await keyOf(accessKey)).toMatchObject({ revoked: true, team: { memberGone: true } });
    const again = await call('DELETE', '/lab/members/ann');
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([200, 'true']);
    expect((await call('DELETE', '/lab/members/nobody')).body).toMatchObject({
      code: 'team_member_not_found',
    });
    expect(await world.ledger.events('token-revoked')).toHaveLength(1);
  });
});
