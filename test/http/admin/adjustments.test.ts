import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AdminServer, startAdminServer } from '../support/admin-server.js';

let world: AdminServer;
let tokens: { readonly ann: string; readonly ben: string };
beforeAll(async () => {
  world = await startAdminServer();
  const meta = { actor: 'service-key:1', requestId: 'setup' };
  await world.ledger.commands.syncAccount({ externalUserId: 'u/1', username: 'Ann' }, meta);
  const signIn = (name: string) => world.administration.signIn(name, 'finance');
  tokens = { ann: await signIn('ann'), ben: await signIn('ben') };
});
afterAll(() => world.close());

const ask = (who: keyof typeof tokens, method: string, path: string, body?: object) =>
  world.call(tokens[who], method, path, body);
const request = (adjustment_id: string, amount_usd: number) =>
  ask('ann', 'POST', '/users/u%2F1/adjust', { adjustment_id, amount_usd, reason: 'contract 17' });

describe('a correction of more than one operator may make', () => {
  it('waits in a list until another operator approves it', async () => {
    expect((await request('ticket/1', 100)).body.data).toMatchObject({
      status: 'made',
      current_quota: 50_000_000,
    });
    expect((await request('ticket/2', 100.5)).body.data).toMatchObject({
      status: 'pending',
      quota: 50_250_000,
      current_quota: 50_000_000,
    });
    const waiting = async () => (await ask('ben', 'GET', '/adjustments')).body.data.adjustments;
    expect(await waiting()).toMatchObject([
      {
        adjustment_id: 'ticket/2',
        external_user_id: 'u/1',
        quota: 50_250_000,
        reason: 'contract 17',
        requested_by: 'operator:ann',
      },
    ]);
    const own = await ask('ann', 'POST', '/adjustments/ticket%2F2/approve');
    expect([own.status, own.body.code]).toEqual([403, 'adjustment_own']);
    expect((await ask('ben', 'POST', '/adjustments/ticket%2F2/approve')).body.data).toEqual({
      adjustment_id: 'ticket/2',
      quota: 50_250_000,
      status: 'made',
    });
    expect(await waiting()).toEqual([]);
    expect((await ask('ben', 'GET', '/users/u%2F1')).body.data.current_quota).toBe(100_250_000);
    expect(await world.ledger.events('balance-adjusted')).toContainEqual(
      expect.objectContaining({ by: 'operator:ben', requested_by: 'operator:ann' }),
    );
  });

  it('is over when it is declined', async () => {
    await request('ticket/3', 200);
    const declined = await ask('ben', 'POST', '/adjustments/ticket%2F3/decline', { reason: 'too much' });
    expect(declined.body.data).toEqual({ adjustment_id: 'ticket/3', quota: 100_000_000, status: 'declined' });
    expect((await request('ticket/3', 200)).body.code).toBe('adjustment_declined');
    expect((await ask('ben', 'GET', '/adjustments')).body.data.adjustments).toEqual([]);
    expect((await ask('ben', 'POST', '/adjustments/none/approve')).status).toBe(404);
  });
});
