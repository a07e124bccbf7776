import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventsOfUser } from '../../src/books/audit/events.js';
import { withSnapshot } from '../../src/books/audit/snapshot.js';
import { charge } from '../../src/domain/pricing/charge.js';
import { auditEndpoints } from '../../src/http/routes/audit/route.js';
import { ACCOUNT_ID, anEvent } from '../support/events.js';
import { type HttpServer, startHttpServer } from './support/http-server.js';
import { createRealLedger, type RealLedger } from './support/real-ledger.js';

let ledger: RealLedger;
let server: HttpServer;
let auditor: string;
let frontEnd: string;
const call_id = '00000000-0000-4000-8000-000000000001';
const month = new Date().toISOString().slice(0, 7);

beforeAll(async () => {
  ledger = await createRealLedger();
  auditor = (await ledger.serviceKeys.create('auditor', ['audit'])).key;
  frontEnd = (await ledger.serviceKeys.create('shop', ['users', 'topups', 'tokens', 'read'])).key;
  server = await startHttpServer({
    commands: ledger.commands,
    readModels: ledger.readModels,
    audit: ledger.audit,
    auth: { mode: 'key', keys: ledger.serviceKeys },
    settings: { timezone: 'Asia/Shanghai' },
  });
  const recorded = anEvent('consumption-recorded', { call_id, request_id: 'req-1' });
  const { quota } = charge(recorded.data, recorded.data.group_ratio, recorded.data.usage);
  expect(quota).toBe(recorded.data.quota);
  await ledger.given(
    anEvent('account-registered', { external_user_id: '用户 1' }),
    anEvent('token-issued'),
    anEvent('payment-credited'),
    recorded,
    anEvent('payment-refunded'),
    anEvent('balance-adjusted'),
    anEvent('call-failed', { request_id: 'req-2', needed_quota: 9_000_000n, available_quota: 1n }),
    anEvent('payment-credited', { payment_id: 'pi_forged', quota: 1n }),
    anEvent('lease-abandoned'),
  );
});
afterAll(async () => {
  await server.close();
  await ledger.close();
});

const get = (path: string, key = auditor, headers: Record<string, string> = {}) =>
  server.raw(`/api/audit${path}`, { headers: { Authorization: `Bearer ${key}`, ...headers } });
const USER = `/users/${encodeURIComponent('用户 1')}`;

/** The answer's data, which must be of the documented shape. */
async function data(path: string, operationId: string) {
  const { status, body } = await get(path);
  expect({ status, success: body.success }).toEqual({ status: 200, success: true });
  const endpoint = auditEndpoints.find((each) => each.operationId === operationId);
  return endpoint?.data.parse(body.data) as Record<string, unknown>;
}

describe('/api/audit', () => {
  it('tells a balance, now and then', async () => {
    expect(await data(`${USER}/balance`, 'auditBalance')).toMatchObject({
      external_user_id: '用户 1',
      account_id: ACCOUNT_ID,
      balance: 3_000_974,
      balance_usd: '6.001948',
      holds: { held: 0 },
    });
    expect(await data(`${USER}/balance?at_position=2`, 'auditBalance')).toMatchObject({
      balance: 5_000_000,
      position: 2,
      holds: null,
    });
    const past = await data(`${USER}/balance?as_of=2026-01-01T00:00`, 'auditBalance');
    expect(past).toMatchObject({ balance: 0, as_of: '2025-12-31T16:00:00.000Z', last_movement: null });
  });

  it('explains calls, payments and adjustments', async () => {
    expect(await data('/explain?id=req-1', 'auditExplain')).toMatchObject({
      explanations: [{ kind: 'call', call_id, quota: 27, steps: [{ exact_quota: '27.4304' }] }],
    });
    expect(await data('/explain?id=pi_1', 'auditExplain')).toMatchObject({
      explanations: [{ kind: 'payment', remaining_usd: '6', refunds: [{ refund_id: 're_1' }] }],
    });
    expect(await data('/explain?id=adjustment-1', 'auditExplain')).toMatchObject({
      explanations: [{ kind: 'adjustment', quota: 1_000 }],
    });
    expect(await data('/explain?id=req-2', 'auditExplain')).toMatchObject({
      explanations: [{ steps: [{ step: 'failed', needed_quota: 9_000_000, available_quota: 1 }] }],
    });
  });

  it('tells a month and a range', async () => {
    expect(await data(`${USER}/statement?month=${month}`, 'auditStatement')).toMatchObject({
      timezone: 'UTC',
      closing: 3_000_974,
    });
    const head = await ledger.head();
    expect(await data(`/diff?from=-1&to=${head}`, 'auditDiff')).toMatchObject({
      events: 9,
      accounts: [{ external_user_id: '用户 1', after: 3_000_974, failed_calls: 1 }],
    });
  });

  it('shows the events of a user and of a stream, the newest first, page by page', async () => {
    type Page = { events: { position: bigint; stream: string }[]; next_cursor: string | null };
    const whole = (await data(
      `/events?external_user_id=${encodeURIComponent('用户 1')}`,
      'auditEvents',
    )) as Page;
    expect(whole.events.map(({ position }) => Number(position))).toEqual([8, 7, 6, 5, 4, 3, 2, 1, 0]);
    expect(whole.events[0]).toMatchObject({
      type: 'lease-abandoned.v1',
      facts: { holder: 'relay-1:4711', hold_quota: '40000' },
    });
    expect(whole.next_cursor).toBeNull();
    const first = (await data(
      `/events?external_user_id=${encodeURIComponent('用户 1')}&limit=5`,
      'auditEvents',
    )) as Page;
    expect(first).toMatchObject({ events: whole.events.slice(0, 5), next_cursor: '4' });
    const rest = await data(
      `/events?external_user_id=${encodeURIComponent('用户 1')}&limit=5&cursor=4`,
      'auditEvents',
    );
    expect(rest).toEqual({ events: whole.events.slice(5), next_cursor: null });
    // The command line has them from the oldest on.
    const { pool, store } = ledger;
    const after = await withSnapshot(pool, (snapshot) =>
      eventsOfUser(snapshot, store, '用户 1', { after: 2n, limit: 4 }),
    );
    expect(after.map(({ position }) => Number(position))).toEqual([3, 4, 5, 6]);
    const stream = `account-${ACCOUNT_ID}`;
    expect(await data(`/events?stream=${stream}`, 'auditEvents')).toEqual({
      events: whole.events.filter((event) => event.stream === stream),
      next_cursor: null,
    });
  });

  it.each([
    ['/events', 400, 'invalid_request'],
    ['/events?stream=a&external_user_id=b', 400, 'invalid_request'],
    ['/events?stream=account-none', 404, 'figure_not_found'],
    ['/events?external_user_id=nobody', 404, 'account_not_found'],
    [`${USER}/balance?at_position=99`, 409, 'position_ahead'],
    [`${USER}/balance?at_position=1.5`, 400, 'invalid_request'],
    [`${USER}/balance?as_of=yesterday`, 400, 'invalid_request'],
    [`${USER}/balance?as_of=2026-11-30T00:00Z&at_position=1`, 400, 'invalid_request'],
    ['/users/nobody/balance', 404, 'account_not_found'],
    ['/users/nobody/statement?month=2026-11', 404, 'account_not_found'],
    [`${USER}/statement`, 400, 'invalid_request'],
    [`${USER}/statement?month=2026-13`, 400, 'month_invalid'],
    ['/explain?id=none', 404, 'figure_not_found'],
    ['/explain', 400, 'invalid_request'],
    ['/diff?from=2&to=1', 400, 'range_invalid'],
    ['/diff?from=1', 400, 'invalid_request'],
    ['/nothing', 404, 'route_not_found'],
  ])('answers %s with %i %s in the failure shape', async (path, status, code) => {
    const reply = await get(path, auditor, { 'Accept-Language': 'en' });
    expect({ status: reply.status, body: reply.body }).toMatchObject({
      status,
      body: { success: false, code, message: expect.any(String), request_id: expect.any(String) },
    });
  });

  it('tells the difference and no figure where the books disagree, and logs it', async () => {
    const { status, body } = await get('/explain?id=pi_forged');
    expect(status).toBe(500);
    expect(body).toMatchObject({
      success: false,
      code: 'books_disagree',
      details: { disagreements: [{ recorded: '1', recomputed: '5000000' }] },
    });
    expect(server.logged.map(({ message }) => message)).toContain('the books do not agree with themselves');
  });

  it('asks for a key with the scope, and only reads', async () => {
    expect((await server.raw('/api/audit/explain?id=pi_1')).status).toBe(401);
    expect((await get('/explain?id=pi_1', frontEnd)).body).toMatchObject({ code: 'forbidden' });
    const headers = { Authorization: `Bearer ${auditor}` };
    expect((await server.raw('/api/audit/explain?id=pi_1', { method: 'POST', headers })).status).toBe(405);
    expect((await server.raw('/api/user/external/x', { headers })).status).toBe(403);
  });

  it('has examples of the documented shape', () => {
    for (const { data: shape, example, operationId } of auditEndpoints)
      expect([operationId, shape.safeParse(example.data).error]).toEqual([operationId, undefined]);
  });
});
