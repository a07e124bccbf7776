import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { schemaOf } from '../../../src/projections/runtime/projection.js';
import { anEvent } from '../../support/events.js';
import { type Browser, type PeopleServer, startPeopleServer } from '../support/people-server.js';

const setup = { actor: 'service-key:1', requestId: 'setup' };
const SECRET = 'nobodys-business';
let world: PeopleServer;
let browser: Browser;
let externalUserId: string;
let accountId: string;
beforeAll(async () => {
  world = await startPeopleServer();
  browser = await world.registered('ann');
  const { commands, readModels } = world.ledger;
  externalUserId = (await browser.call('GET', '/api/user/self')).body.data.external_user_id;
  const { token_id } = (await browser.call('POST', '/api/user/keys', { name: 'laptop' })).body.data;
  const account = await readModels.account(externalUserId);
  accountId = account?.accountId ?? '';
  const owner = { account_id: accountId, user_id: account?.userId ?? 0, token_id };
  const payment = { externalUserId, amountUsd: '10', paymentId: 'pi_1', note: '=SUM(A1)' };
  await commands.creditPayment(payment, setup);
  const model = 'org/gpt 4o';
  await world.ledger.given(
    anEvent('consumption-recorded', { ...owner, model, quota: 300_000n }),
    anEvent('consumption-recorded', { ...owner, model, quota: 200_000n }),
    anEvent('consumption-recorded', { ...owner, model: 'small', quota: 27n }),
    anEvent('consumption-corrected', { ...owner, model: 'small' }),
    anEvent('call-failed', owner),
  );
  await commands.refundPayment(
    { paymentId: 'pi_1', refundId: 're_1', amountUsd: '4', reason: SECRET },
    setup,
  );
  const adjusted = await commands.adjustBalance(
    { externalUserId, adjustmentId: 'a_1', quota: 1000n, reason: SECRET },
    { actor: `operator:${SECRET}`, requestId: 'test' },
  );
  if (!adjusted.ok || !(await readModels.waitFor(adjusted.position, 10_000)))
    throw new Error('not projected');
});
afterAll(() => world.close());

const get = (path: string) => browser.call('GET', `/api/user${path}`);
const [month, today] = [new Date().toISOString().slice(0, 7), new Date().toISOString().slice(0, 10)];
const BALANCE = 5_000_000 - 500_000 - 27 + 7 - 2_000_000 + 1000;

interface Row {
  readonly id: string;
  readonly type: string;
  readonly quota_amount: number;
}

describe('the bill', () => {
  it('has what calls cost by day and model, and every movement; all add up to the balance', async () => {
    const { body } = await get('/billing');
    expect(body.data.total).toBe(5);
    expect(body.data.billing).toMatchObject([
      {
        type: 'consumption',
        model: 'org/gpt 4o',
        quota_amount: -500_000,
        amount_usd: -1,
        calls: 2,
        day: today,
      },
      { type: 'consumption', model: 'small', quota_amount: -20, description: 'small: 1 call' },
      { type: 'adjustment', quota_amount: 1000, transaction_id: 'a_1', balance_after: BALANCE },
      { type: 'refund', quota_amount: -2_000_000, transaction_id: 're_1', status: 'completed' },
      { type: 'topup', quota_amount: 5_000_000, description: 'Top-up: =SUM(A1)', balance_after: 5_000_000 },
    ]);
    const sum = body.data.billing.reduce((total: number, row: Row) => total + row.quota_amount, 0);
    expect(sum).toBe(BALANCE);
    expect(body.data.billing[0].balance_after).toBe(BALANCE);
    expect(new Date(body.data.billing[0].created_at).getTime()).toBeLessThanOrEqual(Date.now());
  });

  it('is cut into pages and filtered', async () => {
    const all = (await get('/billing')).body.data.billing as Row[];
    const pages: Row[] = [];
    for (let query = '?limit=2'; ;) {
      const { data } = (await get(`/billing${query}`)).body;
      pages.push(...(data.billing as Row[]));
      if (data.next_cursor === null) break;
      query = `?limit=2&cursor=${encodeURIComponent(data.next_cursor)}`;
    }
    const known = ({ id, quota_amount }: Row) => [id, quota_amount];
    expect(pages.map(known)).toEqual(all.map(known));
    for (const type of ['topup', 'consumption', 'refund', 'adjustment'])
      expect((await get(`/billing?type=${type}`)).body.data.billing.map(known)).toEqual(
        all.filter((row) => row.type === type).map(known),
      );
    expect((await get('/billing?to=2020-01-01')).body.data).toEqual({
      billing: [],
      next_cursor: null,
      total: 0,
    });
  });

  it.each(['cursor=x', 'cursor=2026-02-30.x', 'limit=0', 'type=order', 'from=x'])(
    'refuses %s',
    async (query) => expect((await get(`/billing?${query}`)).status).toBe(400),
  );

  it('tells of each row what it is made of', async () => {
    for (const row of (await get('/billing')).body.data.billing as Row[]) {
      const { status, body, text } = await get(`/billing/${encodeURIComponent(row.id)}`);
      expect([row.id, status, text.includes(SECRET)]).toEqual([row.id, 200, false]);
      const { explanation, keys, logs, row: same } = body.data;
      expect(same).toMatchObject({ id: row.id, quota_amount: row.quota_amount });
      if (row.type !== 'consumption') {
        expect([explanation.kind, keys, logs]).toEqual([expect.any(String), null, null]);
        continue;
      }
      expect(keys).toMatchObject([{ token_name: 'laptop', quota: -row.quota_amount }]);
      const query = new URLSearchParams(logs as Record<string, string>).toString();
      const calls = (await get(`/logs?${query}`)).body.data.logs as { readonly quota: number }[];
      expect(calls.reduce((total, { quota }) => total + quota, 0)).toBe(-row.quota_amount);
    }
    for (const id of ['0', '999999', 'pi_1', `${today}.none`, '2026-02-30.small', '%20'])
      expect([id, (await get(`/billing/${id}`)).body.code]).toEqual([id, 'billing_not_found']);
  });

  it('says how a balance became another one, as an audit does', async () => {
    const { body } = await get('/billing/stats');
    const { data } = body;
    expect(data).toMatchObject({
      opening: { quota: 0 },
      credited: { quota: 5_000_000, usd: '10' },
      spent: { quota: 500_020 },
      refunded: { quota: 2_000_000 },
      adjusted: { quota: 1000 },
      closing: { quota: BALANCE },
      calls: 3,
    });
    const audit = await world.ledger.audit.statement(externalUserId, month);
    expect([audit.opening, audit.credits.quota, audit.consumption.quota, audit.closing].map(Number)).toEqual([
      data.opening.quota,
      data.credited.quota,
      data.spent.quota,
      data.closing.quota,
    ]);
    const before = (await get('/billing/stats?from=2020-01-01&to=2020-01-31')).body.data;
    expect([before.opening.quota, before.closing.quota]).toEqual([0, 0]);
    const after = (await get('/billing/stats?from=2099-01-01&to=2099-01-31')).body.data;
    expect([after.opening.quota, after.spent.quota, after.closing.quota]).toEqual([BALANCE, 0, BALANCE]);
    expect((await get('/billing/stats?from=2026-02-02&to=2026-02-01')).body.errors[0].field).toBe('to');
  });
});

describe('statements', () => {
  it('are of each month since one is here', async () => {
    const { body } = await get('/statements');
    expect(body.data.statements).toMatchObject([{ month, complete: false, closing: { quota: BALANCE } }]);
    const { data } = (await get(`/statements/${month}`)).body;
    expect(data).toMatchObject({
      month,
      spent: { quota: 500_020 },
      by_model: [
        { model: 'org/gpt 4o', calls: 2, quota: 500_000 },
        { model: 'small', calls: 1, quota: 20 },
      ],
    });
    for (const other of ['2020-01', '2099-01', '2026-13', 'x'])
      expect([other, (await get(`/statements/${other}`)).body.code]).toEqual([other, 'statement_not_found']);
  });

  it('are files for spreadsheets, whose rows lead from the opening balance to the closing one', async () => {
    const { status, headers, text } = await get(`/statements/${month}?format=csv`);
    expect([status, headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
    const [, closing = '', ...rows] = text.trimEnd().split('\r\n');
    const opening = rows.pop() ?? '';
    expect([closing.split(',').at(-1), opening.split(',').at(-1)]).toEqual([`${BALANCE}`, '0']);
    expect(rows.reduce((total, row) => total + Number(row.split(',')[5]), 0)).toBe(BALANCE);
    expect(rows.at(-1)).toContain('Top-up: =SUM(A1)');
  });
});

it('a bill that does not add up to the balance is told to nobody', async () => {
  const table = `${schemaOf('balance')}.balances`;
  const move = (by: number) =>
    world.ledger.pool.query(`UPDATE ${table} SET balance = balance + $2 WHERE account_id = $1`, [
      accountId,
      by,
    ]);
  await move(1);
  for (const path of ['/billing/stats', '/statements', `/statements/${month}`]) {
    const { status, body } = await get(path);
    expect([path, status, body.code]).toEqual([path, 500, 'books_disagree']);
  }
  await move(-1);
  expect((await get('/billing/stats')).status).toBe(200);
});
