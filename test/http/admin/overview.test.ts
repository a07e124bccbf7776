import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accountIdOf } from '../../../src/commands/handling/identifiers.js';
import { eventually } from '../../support/eventually.js';
import { anEvent } from '../../support/events.js';
import { type AdminServer, startAdminServer } from '../support/admin-server.js';

const NOW = new Date();
const today = NOW.toISOString().slice(0, 10);
let world: AdminServer;
beforeAll(async () => {
  world = await startAdminServer(() => NOW);
  const { commands } = world.ledger;
  const meta = { actor: 'service-key:1', requestId: 'setup' };
  for (const externalUserId of ['rich', 'overdrawn'])
    await commands.syncAccount({ externalUserId, username: externalUserId, email: '' }, meta);
  await commands.creditPayment({ externalUserId: 'rich', paymentId: 'p1', amountUsd: '10', note: '' }, meta);
  const [rich, overdrawn] = [accountIdOf('rich'), accountIdOf('overdrawn')];
  const took = (duration_ms: number) =>
    anEvent('consumption-recorded', { account_id: rich, quota: 10n, model: 'gpt-4o', duration_ms });
  await world.ledger.given(
    ...Array.from({ length: 19 }, (_, index) => took(100 + index)),
    took(9_000),
    anEvent('consumption-recorded', { account_id: overdrawn, quota: 70n, model: 'gpt-4o', duration_ms: 50 }),
    anEvent('call-failed', { account_id: rich, model: 'gpt-4o' }),
  );
});
afterAll(() => world.close());

describe('the overview', () => {
  it('tells what calls came to, how long they took and what is owed', async () => {
    // The days are counted by a group of projections of its own.
    const auditor = await world.as('auditor');
    const seen = async () => (await world.call(auditor, 'GET', '/overview')).body.data;
    const head = (await world.ledger.head()).toString();
    const data = await eventually(async () => {
      const shown = await seen();
      return shown.lag[1].position === head && shown;
    });
    const sums = { from: today, quota: 270, usd: '0.00054', requests: 21, failed: 1, success_percent: 95.45 };
    expect(data).toMatchObject({
      timezone: 'UTC',
      traffic: [
        { ...sums, days: 1 },
        { ...sums, days: 7, from: expect.any(String) },
        { ...sums, days: 30, from: expect.any(String) },
      ],
      response_times: { calls: 21, p50_ms: 109, p95_ms: 118 },
      liability: { quota: 4_999_730, usd: '9.99946', overdrawn_quota: 70, accounts: 1 },
      open_alerts: 0,
      open_doubts: 0,
      channels: [],
      lag: [
        { group: 'ledger', position: head, behind_positions: '0', behind_seconds: 0 },
        { group: 'statistics', position: head, behind_positions: '0', behind_seconds: 0 },
      ],
    });
  });

  it('says how the channels do to whoever may look at them, and to nobody else', async () => {
    const put = await world.call(await world.as('operator'), 'PUT', '/channels/main', {
      name: 'Main',
      base_url: 'https://api.example.com/v1',
      keys: [{ secret: 'sk-0123456789-0123456789' }],
      models: ['gpt-4o'],
      enabled: false,
    });
    expect(put.status).toBe(200);
    await world.administration.channelState.exchange([
      { channelId: 'main', answered: true, durationMs: 100 },
      { channelId: 'main', answered: false, durationMs: 100 },
    ]);
    const [finance, operator] = await Promise.all(
      (['finance', 'operator'] as const).map(async (role) =>
        world.call(await world.as(role), 'GET', '/overview'),
      ),
    );
    expect(finance?.body.data.channels).toBeNull();
    expect(operator?.body.data.channels).toEqual([
      {
        channel_id: 'main',
        name: 'Main',
        state: 'out_of_use',
        cooldown: null,
        running_calls: 0,
        response: { answered: 1, failed: 1, average_ms: 100, last_ms: 100, last_at: expect.any(Number) },
        lately: expect.arrayContaining([{ answered: 1, failed: 1 }]),
        last_check: null,
      },
    ]);
    const nothing = { answered: 0, failed: 0 };
    const [{ lately }] = operator?.body.data.channels as [{ lately: readonly object[] }];
    // The newest last, where a slice may just have ended.
    expect(lately.slice(0, -2)).toEqual(Array.from({ length: 22 }, () => nothing));
  });

  it('counts alerts that are not over', async () => {
    await world.ledger.pool.query(
      `INSERT INTO alerts (key, kind, details, resolved_at) VALUES ('a', 'x', '{}', NULL), ('b', 'x', '{}', now())`,
    );
    const { body } = await world.call(await world.as('admin'), 'GET', '/overview');
    expect(body.data.open_alerts).toBe(1);
  });
});

describe('the system', () => {
  it('tells versions, parts, queues and variables, and no secret', async () => {
    const { status, body, text } = await world.call(await world.as('auditor'), 'GET', '/system');
    expect(status).toBe(200);
    expect(body.data).toMatchObject({
      node: process.version,
      role: 'all',
      log: { kind: 'postgres', generation: 0, head: (await world.ledger.head()).toString(), doubt: null },
      database: { embedded: true, version: expect.stringMatching(/^\d+/) },
      balances: 'process',
      parts: [{ part: 'database', ready: true, reason: null }],
      outbox: { waiting: 0, scheduled: 0, dead: 0, oldest_seconds: 0 },
      mails: { waiting: 0, failed: 0 },
      figures: { spooled_charges: null },
    });
    const variable = (name: string) =>
      body.data.variables.find((each: { name: string }) => each.name === name);
    expect(variable('PORT')).toEqual({ name: 'PORT', set: true, secret: false, value: '3001' });
    expect(variable('HOST')).toEqual({ name: 'HOST', set: false, secret: false, value: '127.0.0.1' });
    expect(variable('SMTP_URL')).toEqual({ name: 'SMTP_URL', set: true, secret: true, value: null });
    expect(text).not.toContain('mail.example.com');
  });
});
