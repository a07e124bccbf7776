import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { anEvent } from '../../support/events.js';
import { type Browser, type PeopleServer, startPeopleServer } from '../support/people-server.js';

const setup = { actor: 'service-key:1', requestId: 'setup' };
const SECRET = 'nobodys-business';
/** What is known of an upstream, in every event that has it. */
const upstream = {
  channel_id: SECRET,
  upstream_model: SECRET,
  upstream_request_id: SECRET,
  price_version: 0,
};

let world: PeopleServer;
let browser: Browser;
let tokenId: number;
beforeAll(async () => {
  world = await startPeopleServer();
  browser = await world.registered('ann');
  const { commands, readModels } = world.ledger;
  const { external_user_id: externalUserId } = (await browser.call('GET', '/api/user/self')).body.data;
  // A name that a spreadsheet would take for a formula.
  const key = (await browser.call('POST', '/api/user/keys', { name: '=HYPERLINK("x")' })).body.data;
  tokenId = key.token_id as number;
  const account = await readModels.account(externalUserId);
  const owner = { account_id: account?.accountId ?? '', user_id: account?.userId ?? 0, token_id: tokenId };
  await commands.creditPayment({ externalUserId, amountUsd: '10', paymentId: 'pi_1' }, setup);
  const first = anEvent('consumption-recorded', {
    ...owner,
    ...upstream,
    request_id: 'req-1',
    doubt: { reason: SECRET, reported: SECRET },
  });
  await world.ledger.given(
    first,
    anEvent('consumption-recorded', { ...owner, ...upstream, model: 'gpt-4o', request_id: 'req-2' }),
    anEvent('call-failed', { ...owner, channel_id: SECRET, request_id: 'req-3' }),
    anEvent('call-failed', {
      ...owner,
      channel_id: null,
      stage: 'refused',
      status: 402,
      code: 'insufficient_quota',
      needed_quota: 900n,
      available_quota: 5n,
      request_id: 'req-4',
    }),
    anEvent('call-abandoned', { ...owner, ...upstream, request_id: 'req-5' }),
    anEvent('consumption-corrected', {
      ...owner,
      call_id: first.data.call_id,
      quota_before: 27n,
      quota: 20n,
      difference: -7n,
      reason: SECRET,
      by: `operator:${SECRET}`,
    }),
  );
  const refund = { paymentId: 'pi_1', refundId: 're_1', amountUsd: '4', reason: SECRET };
  await commands.refundPayment(refund, setup);
  const adjusted = await commands.adjustBalance(
    { externalUserId, adjustmentId: 'a_1', quota: 1000n, reason: SECRET },
    { actor: `operator:${SECRET}`, requestId: 'test' },
  );
  if (!adjusted.ok || !(await readModels.waitFor(adjusted.position, 10_000)))
    throw new Error('not projected');
});
afterAll(() => world.close());

const get = (path: string) => browser.call('GET', `/api/user${path}`);
interface LogRow {
  readonly id: string;
  readonly type: string;
  readonly quota: number;
  readonly balance_after: number;
  readonly reference: string;
  readonly code: string | null;
}
const logs = async (query = ''): Promise<LogRow[]> => (await get(`/logs${query}`)).body.data.logs;
const BALANCE = 5_000_000 - 27 - 27 - 27 + 7 - 2_000_000 + 1000;

describe('the history of oneself', () => {
  it('is told the newest first, each row with the balance right after it', async () => {
    const rows = await logs();
    expect(rows.map(({ type, quota }) => [type, quota])).toEqual([
      ['adjust', -1000],
      ['refund', 2_000_000],
      ['adjust', -7],
      ['consume', 27],
      ['error', 0],
      ['error', 0],
      ['consume', 27],
      ['consume', 27],
      ['topup', -5_000_000],
    ]);
    expect(rows[0]?.balance_after).toBe(BALANCE);
    // What was before a row is what was after the one below it.
    for (const [index, row] of rows.entries())
      expect(row.balance_after).toBe((rows[index + 1]?.balance_after ?? 0) - row.quota);
    const { balance } = (await get('/balance')).body.data;
    expect(balance.quota).toBe(BALANCE);
    expect(rows[4]).toMatchObject({ code: 'insufficient_quota', balance_after_usd: '9.999892' });
  });

  it('is cut into pages and filtered, with the same balances', async () => {
    const all = await logs();
    const pages: LogRow[] = [];
    for (let query = '?limit=4'; ;) {
      const { data } = (await get(`/logs${query}`)).body;
      pages.push(...(data.logs as LogRow[]));
      expect([data.total, data.total_capped]).toEqual([9, false]);
      if (data.next_cursor === null) break;
      query = `?limit=4&cursor=${data.next_cursor}`;
    }
    expect(pages).toEqual(all);
    const where = async (query: string, matches: (row: LogRow) => boolean) =>
      expect([query, await logs(query)]).toEqual([query, all.filter(matches)]);
    await where('?type=topup', ({ type }) => type === 'topup');
    await where('?type=error', ({ type }) => type === 'error');
    await where('?model=gpt-4o', (row) => 'model' in row && row.model === 'gpt-4o');
    await where(`?token_id=${tokenId}&type=consume`, ({ type }) => type === 'consume');
    await where('?token_id=4711', () => false);
    await where('?reference=re_1', ({ reference }) => reference === 're_1');
    await where('?to=2020-01-01', () => false);
    await where(`?from=${new Date().toISOString().slice(0, 10)}`, () => true);
  });

  it.each(['cursor=x', 'limit=0', 'type=other', 'from=2026-02-30', 'token_id=x', 'min_position=x'])(
    'refuses %s',
    async (query) => expect((await get(`/logs?${query}`)).status).toBe(400),
  );

  it('explains each row by lines that add up to its figure', async () => {
    const rows = await logs();
    for (const row of rows) {
      const { status, body } = await get(`/logs/${row.id}`);
      expect([row.reference, status]).toEqual([row.reference, 200]);
      const { log, explanation } = body.data;
      expect(log).toEqual(row);
      const sum = explanation.lines.reduce(
        (total: number, line: { quota: string }) => total + Number(line.quota),
        0,
      );
      expect(sum).toBeCloseTo(explanation.quota, 6);
      expect(explanation.lines.length).toBeGreaterThan(0);
    }
    const of = async (reference: string) =>
      (await get(`/logs/${(await logs(`?reference=${reference}`))[0]?.id}`)).body.data.explanation;
    expect(await of('req-1')).toMatchObject({
      kind: 'call',
      quota: 20,
      balances: null,
      call: {
        request_id: 'req-1',
        steps: [
          {
            step: 'charged',
            tokens: { prompt: 14, completion: 18, basis: 'reported' },
            price: { version: 0, group: 'default', group_ratio: '1', rates: { model_ratio: '0.8572' } },
            exact_quota: '27.4304',
            rounding: 'half-away-from-zero',
            hold_quota: 100,
            quota: 27,
            first_byte_ms: 200,
            duration_ms: 800,
            complete: true,
            balance_before: 5_000_000,
            balance_after: 4_999_973,
          },
          { step: 'corrected', quota_before: 27, quota: 20, difference: -7 },
        ],
      },
    });
    expect(await of('req-4')).toMatchObject({
      lines: [{ kind: 'failed_refused', quota: '0' }],
      call: { steps: [{ step: 'failed', status: 402, needed_quota: 900, available_quota: 5 }] },
    });
    expect(await of('re_1')).toMatchObject({
      kind: 'payment',
      quota: 3_000_000,
      balances: { balance_before: 4_999_926, balance_after: 2_999_926 },
    });
    expect(await of('a_1')).toMatchObject({ kind: 'adjustment', quota: 1000, lines: [{ quota: '1000' }] });
  });

  it.each(['999999', '0', 'pi_1', '%20', '9'.repeat(18)])('has no row %s', async (id) => {
    const { status, body } = await get(`/logs/${id}`);
    expect([status, body.code]).toEqual([404, 'log_not_found']);
  });

  it('is another one than that of somebody who chose the same ids', async () => {
    const other = await world.registered('bob');
    const { external_user_id } = (await other.call('GET', '/api/user/self')).body.data;
    const account = await world.ledger.readModels.account(external_user_id);
    const owner = { account_id: account?.accountId ?? '', user_id: account?.userId ?? 0 };
    const calls = Array.from({ length: 60 }, () => anEvent('call-failed', { ...owner, request_id: 'pi_1' }));
    await world.ledger.given(...calls);
    const [row] = await logs('?reference=pi_1');
    expect((await get(`/logs/${row?.id}`)).body.data.explanation).toMatchObject({ kind: 'payment' });
  });

  it('tells nothing of who served a call, in any answer', async () => {
    const rows = await logs();
    const paths = [
      '/logs',
      '/logs/export',
      '/usage',
      '/usage?group_by=key',
      ...rows.map(({ id }) => `/logs/${id}`),
    ];
    for (const path of paths) {
      const { status, text } = await get(path);
      expect([path, status, text.includes(SECRET)]).toEqual([path, 200, false]);
      expect([path, /channel|upstream_model|upstream_request/.test(text)]).toEqual([path, false]);
    }
  });
});

describe('the history as CSV', () => {
  it('is what the filter finds, however much that is, with cells that are no formulas', async () => {
    const { status, headers, text } = await get('/logs/export?type=consume');
    expect([status, headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
    expect(headers.get('content-disposition')).toContain('attachment');
    expect(text).toMatch(/^id,time,type,/);
    // Read as text, the mark in front is gone.
    const bytes = await fetch(`${world.server.url}/api/user/logs/export`, {
      headers: { Cookie: `counterfoil_session=${browser.cookies.get('counterfoil_session')}` },
    });
    expect(
      Buffer.from(await bytes.arrayBuffer())
        .subarray(0, 5)
        .toString(),
    ).toBe('\uFEFFid');
    const lines = text.trimEnd().split('\r\n').slice(1);
    const rows = await logs('?type=consume');
    expect(lines.map((line) => line.split(',')[0])).toEqual(rows.map(({ id }) => id));
    expect(lines[0]).toContain(`"'=HYPERLINK(""x"")"`);
    expect((await get('/logs/export?type=other')).status).toBe(400);
  });
});

describe('usage of oneself', () => {
  it('is the sum of the history, by model, by key and in all', async () => {
    const rows = await logs();
    const spent = rows
      .filter((row) => 'model' in row && row.model !== '')
      .reduce((total, { quota }) => total + quota, 0);
    for (const grouping of ['model', 'key', 'none']) {
      const { data } = (await get(`/usage?group_by=${grouping}`)).body;
      const sum = data.series.flatMap(({ quota }: { quota: (number | null)[] }) => quota);
      expect(data.total).toMatchObject({ quota: spent, requests: 3 });
      expect(sum.reduce((total: number, quota: number | null) => total + (quota ?? 0), 0)).toBe(spent);
    }
    const hours = (await get('/usage?interval=hour&group_by=none')).body.data;
    expect(hours.total.quota).toBe(spent);
    expect((await get('/usage?model=gpt-4o')).body.data.total.quota).toBe(27);
    const byKey = (await get('/usage?group_by=key')).body.data;
    expect(byKey.series).toMatchObject([{ key: `${tokenId}`, label: '=HYPERLINK("x")' }]);
  });

  it.each(['group_by=user', 'group_by=channel', 'group_by=group', 'interval=week', 'from=x'])(
    'refuses %s',
    async (query) => expect((await get(`/usage?${query}`)).status).toBe(400),
  );
});
