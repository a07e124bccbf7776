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
    const { rules, receivers } = (await call('GET', '/alerts')).body.data;
    expect(rules).toContainEqual({
      kind: 'ledger-stopped',
      severity: 'critical',
      told: true,
      raise_at: null,
      resolve_at: null,
    });
    expect(receivers).toEqual([]);
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
    // To the log, and to whom operators named.
    expect((await messages()).slice(before)).toEqual(['alert-resolved', 'alert-resolved']);
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

describe('what is told of, and to whom', () => {
  const ruleOf = async (kind: string) =>
    (await call('GET', '/alerts')).body.data.rules.find((rule: { kind: string }) => rule.kind === kind);

  it('is changed by an event that says by whom, and between the marks there is room', async () => {
    const body = { told: true, raise_at: 120, resolve_at: 30 };
    const changed = await call('PUT', '/alerts/rules/tables-behind', body);
    expect(changed.body.data).toMatchObject({ kind: 'tables-behind', ...body });
    expect(await ruleOf('tables-behind')).toMatchObject(body);
    const [event] = (await world.ledger.events('setting-changed')).slice(-1);
    expect(event).toMatchObject({ key: 'alerts', by: 'operator:admin' });
    const flapping = await call('PUT', '/alerts/rules/tables-behind', { ...body, resolve_at: 120 });
    expect([flapping.status, flapping.body.code]).toEqual([400, 'setting_invalid']);
    const figure = await call('PUT', '/alerts/rules/wrong-log', body);
    expect(figure.body.code).toBe('setting_invalid');
    expect((await call('PUT', '/alerts/rules/nothing', body)).status).toBe(400);
  });

  it('is a webhook whose secret is shown once, and an address that anybody sees enough of to know it', async () => {
    const hook = { kind: 'webhook', least: 'critical', on: true };
    const path = '/alerts/receivers/on-call';
    const missing = await call('PUT', path, hook);
    expect(missing.body.errors).toMatchObject([{ field: 'address' }]);
    const address = 'https://hooks.example.com/counterfoil?token=hidden';
    const made = await call('PUT', path, { ...hook, address });
    expect(made.body.data).toMatchObject({ name: 'on-call', ...hook, address: 'hooks.example.com' });
    expect(made.body.data.webhook_secret).toMatch(/^whsec_/);
    const again = await call('PUT', path, { ...hook, on: false });
    expect(again.body.data).toMatchObject({ on: false, webhook_secret: null });
    const listed = await call('GET', '/alerts');
    expect(listed.body.data.receivers).toMatchObject([{ name: 'on-call', on: false }]);
    expect(listed.text).not.toContain('hidden');
    for (const bad of ['http://hooks.example.com', 'nowhere'])
      expect((await call('PUT', path, { ...hook, address: bad })).status).toBe(400);
    expect((await call('PUT', '/alerts/receivers/log', { ...hook, address })).status).toBe(400);
    const tested = await call('POST', '/notifications/on-call/test');
    expect(tested.body.data.message_id).toMatch(/^[0-9a-f-]{36}$/);
    expect((await call('DELETE', path)).status).toBe(200);
    expect((await call('DELETE', path)).body.code).toBe('receiver_not_found');
    expect((await call('GET', '/alerts')).body.data.receivers).toEqual([]);
  });

  it('is an address of mail, of which the log has nothing', async () => {
    const mail = { kind: 'mail', least: 'warning', on: true, address: 'ops@example.com', language: 'en' };
    const made = await call('PUT', '/alerts/receivers/ops', mail);
    expect(made.body.data).toMatchObject({ address: 'o…@example.com', webhook_secret: null });
    expect(JSON.stringify(await world.ledger.events('setting-changed'))).not.toContain('example.com');
    expect((await call('PUT', '/alerts/receivers/ops', { ...mail, address: 'nobody' })).status).toBe(400);
  });
});
