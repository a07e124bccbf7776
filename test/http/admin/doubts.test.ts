import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accountIdOf } from '../../../src/commands/handling/identifiers.js';
import type { Role } from '../../../src/domain/operator/roles.js';
import { anEvent, append } from '../../support/events.js';
import { type AdminServer, startAdminServer } from '../support/admin-server.js';

const externalUserId = 'shop/1';
const meta = { actor: 'service-key:1', requestId: 'setup' };
let world: AdminServer;
let ids: readonly string[];
beforeAll(async () => {
  world = await startAdminServer();
  const { commands, store } = world.ledger;
  await commands.publishPriceList({ prices: [], groups: [{ name: 'default', ratio: '1' }] }, meta);
  await commands.syncAccount({ externalUserId, username: 'Ann' }, meta);
  await commands.creditPayment({ externalUserId, amountUsd: '10', paymentId: 'pi_1' }, meta);
  const doubt = { reason: 'prompt_tokens is negative', reported: 'prompt_tokens -5' };
  const calls = [1, 2, 3].map((n) =>
    anEvent('consumption-recorded', {
      account_id: accountIdOf(externalUserId),
      request_id: `req-${n}`,
      quota: 100n,
      doubt,
    }),
  );
  ids = calls.map(({ data }) => data.call_id);
  await append(store, ...calls);
  await world.ledger.readModels.waitFor(await world.ledger.head(), 10_000);
});
afterAll(() => world.close());

const call = async (method: string, path: string, body?: unknown, role: Role = 'finance') =>
  world.call(await world.as(role), method, `/doubts${path}`, body);
const settle = (id: string | undefined, body: object, role?: Role) =>
  call('POST', `/${id}/settle`, { reason: 'upstream was asked', ...body }, role);

describe('charges in doubt', () => {
  it('are shown to auditors and operators, page by page', async () => {
    const first = await call('GET', '?limit=2', undefined, 'auditor');
    expect(first.body.data.doubts).toMatchObject([
      {
        call_id: ids[0],
        request_id: 'req-1',
        external_user_id: externalUserId,
        charged: { prompt_tokens: 14, completion_tokens: 18, quota: 100 },
        reported: 'prompt_tokens -5',
        doubt: 'prompt_tokens is negative',
        settled: null,
      },
      { call_id: ids[1] },
    ]);
    const after = first.body.data.next_after as number;
    const second = await call('GET', `?limit=2&after=${after}`, undefined, 'operator');
    expect(second.body.data).toMatchObject({ doubts: [{ call_id: ids[2] }], next_after: null });
    expect((await call('GET', '/req-2')).body.data).toMatchObject({ call_id: ids[1] });
    expect((await call('GET', '/nothing')).body).toMatchObject({ code: 'doubt_not_found' });
  });

  it('are settled by the id of the call alone, whatever a client calls its requests', async () => {
    const { store, readModels } = world.ledger;
    const doubt = { reason: 'half a token', reported: 'prompt_tokens 0.5' };
    const account_id = accountIdOf(externalUserId);
    const [request_id = ''] = ids;
    const imitation = anEvent('consumption-recorded', { account_id, request_id, quota: 0n, doubt });
    await append(store, imitation);
    await readModels.waitFor(await world.ledger.head(), 10_000);
    expect((await call('GET', `/${ids[0]}`)).body.data).toMatchObject({ request_id: 'req-1' });
    expect((await settle('req-2', { quota: 1 })).body).toMatchObject({ code: 'doubt_not_found' });
    expect((await settle(imitation.data.call_id, { quota: 0 })).status).toBe(200);
  });

  it('are settled once, with who, why and what came of it', async () => {
    const accepted = await settle(ids[0], { quota: 100 });
    expect(accepted.body.data.settled).toMatchObject({
      outcome: 'accepted',
      adjusted: 0,
      by: 'operator:finance',
      reason: 'upstream was asked',
    });
    const given = await settle(ids[1], { quota: 40 });
    expect(given.body.data.settled).toMatchObject({ outcome: 'adjusted', adjusted: 60 });
    const again = await settle(ids[1], { quota: 40 });
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([200, 'true']);
    expect((await settle(ids[1], { quota: 41 })).body).toMatchObject({ code: 'adjustment_conflict' });
    expect((await settle(ids[0], { quota: 0 })).body).toMatchObject({ code: 'adjustment_conflict' });
    const open = await call('GET', '?state=open');
    expect(open.body.data.doubts).toMatchObject([{ call_id: ids[2] }]);
    expect(await world.ledger.readModels.openDoubts()).toBe(1);
    const account = await world.ledger.readModels.account(externalUserId);
    expect(account?.balance).toBe(5_000_000n - 300n + 60n);
  });

  it.each([
    [{}, 400],
    [{ quota: -1 }, 400],
    [{ quota: 1.5 }, 400],
    [{ quota: 100, reason: '' }, 400],
    [{ quota: 6_000_000 }, 409],
  ])('%j settles nothing', async (body, status) => {
    expect((await settle(ids[2], body)).status).toBe(status);
    expect((await call('GET', `/${ids[2]}`)).body.data.settled).toBeNull();
  });

  it('are not settled by who may not move money', async () => {
    for (const role of ['auditor', 'operator'] as const)
      expect((await settle(ids[2], { quota: 100 }, role)).status).toBe(403);
  });
});
