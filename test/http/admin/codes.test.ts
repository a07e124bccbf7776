import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Role } from '../../../src/domain/operator/roles.js';
import { type AdminServer, startAdminServer } from '../support/admin-server.js';

const meta = { actor: 'service-key:1', requestId: 'setup' };
const batch = {
  ...{ name: 'spring fair', codes: 1_200, amount_usd: 5, ends_at: '2099-12-31', grant_days: 90 },
  reference: 'fair-1',
};
const TRIED = 4;
const AT_ONCE = 50;

let world: AdminServer;
let codes: readonly string[];
beforeAll(async () => {
  world = await startAdminServer();
  for (const externalUserId of ['user-1', 'user-2'])
    await world.ledger.commands.syncAccount({ externalUserId, username: externalUserId }, meta);
});
afterAll(() => world.close());

const call = async (method: string, path: string, body?: unknown, role: Role = 'finance') =>
  world.call(await world.as(role), method, `/codes${path}`, body);
const redeem = (code: string, user: number) =>
  world.ledger.commands.redeemCode({ externalUserId: `user-${user}`, code }, meta);
const lookUp = async (code: string) => (await call('POST', '/look-up', { code }, 'auditor')).body;

describe('codes', () => {
  it('are made by those who may, and told to them alone', async () => {
    const refused = await call('POST', '', batch, 'auditor');
    expect(refused.status).toBe(403);
    const past = await call('POST', '', { ...batch, ends_at: '2020-01-01' });
    expect([past.status, past.body.errors[0].field]).toEqual([400, 'ends_at']);
    const { data } = (await call('POST', '', batch)).body;
    expect(data.batch).toMatchObject({ status: 'open', codes: 1_200, used: 0, usd: '5', grant_days: 90 });
    codes = data.codes as readonly string[];
    expect(new Set(codes).size).toBe(1_200);
    expect((await call('POST', '', { ...batch, codes: 7 })).body).toMatchObject({
      ...{ code: 'code_batch_conflict', details: { field: 'codes' } },
    });
    const another = await call('POST', '', batch, 'admin');
    expect(another.body.data).toMatchObject({ codes: null, batch: { batch_id: data.batch.batch_id } });
  });

  it(`are used once: ${AT_ONCE} at once for each of ${TRIED}, by two users`, async () => {
    const tries = codes
      .slice(0, TRIED)
      .flatMap((code) => Array.from({ length: AT_ONCE }, (_, index) => redeem(code, (index % 2) + 1)));
    const results = await Promise.all(tries);
    expect(results.filter((result) => result.ok && !result.replayed)).toHaveLength(TRIED);
    const refusals = new Set(results.flatMap((result) => (result.ok ? [] : [result.refusal.code])));
    expect([...refusals]).toEqual(['code_used']);
    await world.ledger.caughtUp();
    expect(await world.ledger.events('grant-given')).toHaveLength(TRIED);
    const { data } = (await call('GET', '', undefined, 'auditor')).body;
    expect(data).toMatchObject({ batches: [{ used: TRIED, voided: 0 }], total: 1 });
    expect((await lookUp(codes[0] ?? '')).data).toMatchObject({
      ...{ status: 'used', external_user_id: expect.stringMatching(/^user-/), batch_name: 'spring fair' },
    });
  });

  it('are voided one by one and as a batch', async () => {
    const last = codes.at(-1)?.toLowerCase() ?? '';
    expect(await lookUp('0'.repeat(26))).toMatchObject({ code: 'code_unknown' });
    expect(await lookUp('O')).toMatchObject({ code: 'code_malformed' });
    const one = await call('POST', '/void', { code: last, reason: 'printed twice' });
    expect(one.body.data).toMatchObject({ status: 'open', voided: 1 });
    expect((await lookUp(last)).data).toMatchObject({ status: 'void', voided_because: 'printed twice' });
    expect(await redeem(last, 1)).toMatchObject({ refusal: { code: 'code_void' } });
    const used = await call('POST', '/void', { code: codes[0], reason: 'too late' });
    expect(used.body).toMatchObject({ code: 'code_used' });
    const path = `/${one.body.data.batch_id as string}/void`;
    expect((await call('POST', path, { reason: 'lost' })).body.data).toMatchObject({ status: 'void' });
    expect((await lookUp(codes[100] ?? '')).data).toMatchObject({ status: 'void', voided_because: 'lost' });
    expect(await redeem(codes[100] ?? '', 2)).toMatchObject({ refusal: { code: 'code_void' } });
  });

  it('are guessed ten times an hour by an account, however many at once', async () => {
    const guesses = await Promise.all(
      Array.from({ length: 25 }, (_, index) => redeem(`${index}`.padStart(26, '7'), 2)),
    );
    const unknown = guesses.filter((result) => !result.ok && result.refusal.code === 'code_unknown');
    expect(unknown).toHaveLength(10);
    expect(await redeem(codes[0] ?? '', 2)).toMatchObject({ refusal: { code: 'code_guesses_most' } });
  });
});
