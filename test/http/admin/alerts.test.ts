import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Alerts } from '../../../src/reactions/alerts/alerts.js';
import { PostgresOutbox } from '../../../src/reactions/outbox/postgres-outbox.js';
import { type AdminServer, startAdminServer } from '../support/admin-server.js';

let world: AdminServer;
let admin: string;
let alerts: Alerts;
beforeAll(async () => {
  world = await startAdminServer();
  admin = await world.as('admin');
  alerts = new Alerts(world.ledger.pool, new PostgresOutbox(world.ledger.pool), ['log']);
});
afterAll(() => world.close());
const call = (method: string, path: string, body?: unknown) => world.call(admin, method, path, body);
const raise = (key: string) =>
  alerts.raise({
    key,
    kind: 'ledger-stopped',
    severity: 'critical',
    summary: 'It stopped.',
    details: { follower: 'ledger' },
  });
const fired = async (state = '') => (await call('GET', `/alerts/fired${state}`)).body.data.alerts;
const waiting = async () => (await call('GET', '/overview')).body.data.open_alerts as number;
const messages = async () =>
  (await world.ledger.pool.query<{ kind: string }>('SELECT kind FROM outbox ORDER BY sequence')).rows.map(
    ({ kind }) => kind,
  );

describe('alerts', () => {
  it('are listed with their rules and who is told', async () => {
    expect((await call('GET', '/alerts')).body.data).toMatchObject({
      rules: expect.arrayContaining([{ kind: 'ledger-stopped', severity: 'critical' }]),
      receivers: ['log'],
    });
    expect(await fired()).toEqual([]);
  });

  it('are seen or put off until they are raised again, and are no less open', async () => {
    await raise('ledger-stopped/ledger/1');
    const [{ id }] = await fired();
    expect(await waiting()).toBe(1);
    const seen = await call('POST', `/alerts/fired/${id}/acknowledge`);
    expect(seen.body.data).toMatchObject({
      state: 'open',
      acknowledged_by: 'operator:admin',
      summary: 'It stopped.',
    });
    expect(await waiting()).toBe(0);
    await alerts.resolve('ledger-stopped/ledger/1');
    await raise('ledger-stopped/ledger/1');
    expect(await fired('?state=open')).toMatchObject([{ id, occurrence: 2, acknowledged_by: null }]);
    expect(await waiting()).toBe(1);
    const late = await call('POST', `/alerts/fired/${id}/snooze`, { hours: 4 });
    expect(late.body.data.snoozed_until).toBeGreaterThan(Date.now() / 1000 + 3 * 3600);
    expect(await waiting()).toBe(0);
    expect((await call('POST', `/alerts/fired/${id}/snooze`, { hours: 0 })).status).toBe(400);
  });

  it('are ended once, and those who were told of them are told', async () => {
    const [{ id }] = await fired('?state=open');
    const before = (await messages()).length;
    const ended = await call('POST', `/alerts/fired/${id}/resolve`);
    expect(ended.body.data).toMatchObject({ state: 'resolved', resolved_by: 'operator:admin' });
    expect((await messages()).slice(before)).toEqual(['alert-resolved']);
    for (const act of ['resolve', 'acknowledge'])
      expect((await call('POST', `/alerts/fired/${id}/${act}`)).body.code).toBe('alert_resolved');
    const unknown = '00000000-0000-4000-8000-000000000000';
    expect((await call('POST', `/alerts/fired/${unknown}/resolve`)).body.code).toBe('alert_not_found');
  });

  it('are tried with a message to one who is told, and to nobody else', async () => {
    const { body } = await call('POST', '/notifications/log/test');
    expect(body.data.message_id).toMatch(/^[0-9a-f-]{36}$/);
    expect((await messages()).at(-1)).toBe('alert-test');
    expect((await call('POST', '/notifications/nobody/test')).body.code).toBe('receiver_not_found');
  });
});
