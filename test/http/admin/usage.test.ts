import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accountIdOf } from '../../../src/commands/handling/identifiers.js';
import { anEvent } from '../../support/events.js';
import { type AdminServer, startAdminServer } from '../support/admin-server.js';

const EXTERNAL_ID = 'shop/1';
let world: AdminServer;
const NOW = new Date();
beforeAll(async () => {
  world = await startAdminServer(() => NOW);
  const { commands } = world.ledger;
  const meta = { actor: 'service-key:1', requestId: 'setup' };
  await commands.syncAccount({ externalUserId: EXTERNAL_ID, username: 'Ann', email: 'a@example.com' }, meta);
  await world.ledger.given(
    anEvent('consumption-recorded', { account_id: accountIdOf(EXTERNAL_ID), quota: 132n, model: 'gpt-4o' }),
  );
});
afterAll(() => world.close());

const ask = async (query: string) => world.call(await world.as('auditor'), 'GET', `/usage?${query}`);

describe('usage', () => {
  it('is told of the last thirty days by model', async () => {
    const { status, body } = await ask('');
    expect(status).toBe(200);
    expect(body.data).toMatchObject({
      timezone: 'UTC',
      interval: 'day',
      series: [{ key: 'gpt-4o', label: 'gpt-4o' }],
      other: { keys: 0 },
      total: { quota: 132, usd: '0.000264', requests: 1 },
      position: (await world.ledger.head()).toString(),
      as_of: NOW.toISOString(),
    });
    expect(body.data.buckets).toHaveLength(30);
    expect(body.data.series[0].quota).toEqual([...Array.from({ length: 29 }, () => null), 132]);
  });

  it('is told by hours, and of one user', async () => {
    const own = await ask(`interval=hour&group_by=user&external_user_id=${encodeURIComponent(EXTERNAL_ID)}`);
    expect(own.body.data).toMatchObject({ interval: 'hour', series: [{ key: EXTERNAL_ID, label: 'Ann' }] });
    expect(own.body.data.buckets).toHaveLength(48);
    expect((await ask('external_user_id=nobody')).body.code).toBe('account_not_found');
  });

  it.each([
    ['from=2026-13-01', 'from'],
    ['from=2026-02-30', 'from'],
    ['from=yesterday', 'from'],
    ['from=2026-02-02&to=2026-02-01', 'to'],
    ['from=2025-01-01&to=2026-02-05', 'to'],
    ['from=2026-01-01&to=2026-01-08&interval=hour', 'to'],
    ['from=2026-01-01&to=2026-02-01&token_id=1&group_by=channel', 'to'],
    ['interval=week', 'interval'],
    ['group_by=colour', 'group_by'],
    ['token_id=0', 'token_id'],
  ])('refuses %s', async (query, field) => {
    const { status, body } = await ask(query);
    expect([status, body.errors?.map((error: { field: string }) => error.field)]).toEqual([400, [field]]);
  });

  it('takes four hundred days, seven of hours and a month of the history', async () => {
    for (const query of [
      'from=2025-01-01&to=2026-02-04',
      'from=2026-01-01&to=2026-01-07&interval=hour',
      'from=2026-01-01&to=2026-01-31&token_id=1&group_by=channel',
    ])
      expect((await ask(query)).status).toBe(200);
  });
});
