import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { usageFrom } from '../../src/domain/pricing/usage.js';
import { z } from 'zod';
import { offeredModel } from '../../src/http/routes/public/offered-model.js';
import { logsData } from '../../src/http/routes/external/logs/schema.js';
import { statsData } from '../../src/http/routes/external/stats/schema.js';
import { userData } from '../../src/http/routes/external/user/schema.js';
import { anEvent } from '../support/events.js';
import { eventually } from '../support/eventually.js';
import { channel, price } from './support/catalogue.js';
import { createRealLedger, type RealLedger } from './support/real-ledger.js';
import { type HttpServer, startHttpServer } from './support/http-server.js';

// GET endpoints over HTTP after a user's story: top-ups, a refund, charged and failed calls; days in Shanghai.

const timezone = 'Asia/Shanghai';
let ledger: RealLedger;
let server: HttpServer;
let tokenId: number;

beforeAll(async () => {
  ledger = await createRealLedger(timezone);
  server = await startHttpServer({
    commands: ledger.commands,
    readModels: ledger.readModels,
    settings: { timezone },
  });
  const meta = { actor: 'bootstrap', requestId: 'setup' };
  await ledger.commands.publishPriceList(
    {
      prices: [price('deepseek-chat', '0.135', '4'), price('qwen-turbo', '0.8572', '1')],
      groups: [{ name: 'default', ratio: '1' }],
    },
    meta,
  );
  for (const [id, model] of [
    ['deep', 'deepseek-chat'],
    ['qwen', 'qwen-turbo'],
  ] as const) {
    const settings = channel(id, { models: [model], test_model: model }).settings;
    await ledger.commands.configureChannel(
      { channelId: id, settings, keys: [{ secret: 'upstream' }], enabled: true },
      meta,
    );
  }
  await server.call('POST', '/sync', {
    external_user_id: 'u',
    username: 'testuser',
    display_name: '测试用户',
  });
  await server.call('POST', '/topup', { external_user_id: 'u', amount_usd: 40, payment_id: 'p1' });
  const issued = await server.call('POST', '/token', { external_user_id: 'u', token_name: 'My API Token' });
  tokenId = issued.body.data.token_id;
  const account = await ledger.readModels.account('u');
  const owner = { account_id: account?.accountId ?? '', user_id: account?.userId ?? 0, token_id: tokenId };
  for (let index = 0; index < 11; index += 1) {
    const usage = usageFrom({ prompt_tokens: 14, completion_tokens: 18 });
    await ledger.given(
      anEvent('consumption-recorded', {
        ...owner,
        call_id: randomUUID(),
        request_id: `call-${index}`,
        model: 'qwen-turbo',
        usage,
        quota: 27n,
      }),
    );
  }
  await ledger.given(anEvent('call-failed', { ...owner, call_id: randomUUID(), model: 'qwen_turbo%' }));
  await server.call('POST', '/topup/refund', { payment_id: 'p1', refund_id: 'r1', amount_usd: 10 });
});
afterAll(async () => {
  await server.close();
  await ledger.close();
});

const logs = async (query = '') => {
  const reply = await server.call('GET', `/u/logs${query}`);
  expect(reply.status).toBe(200);
  return logsData.parse(reply.body.data);
};

describe('GET /{external_user_id}', () => {
  it('has the documented shape, and the balance after all of it', async () => {
    const data = userData.strict().parse((await server.call('GET', '/u')).body.data);
    expect(data).toMatchObject({
      current_quota: 15_000_000 - 11 * 27,
      current_balance: 29.999406,
      used_quota: 297,
      total_requests: 11,
    });
  });
});

describe('GET /models', () => {
  it('lists what is on offer, and to whom', async () => {
    const { body } = await server.call('GET', '/models');
    const models = z.array(offeredModel).parse(body.data);
    expect(models.map(({ model_name }) => model_name)).toEqual(['deepseek-chat', 'qwen-turbo']);
    expect(models[0]).toMatchObject({ model_ratio: 0.135, completion_ratio: 4 });
    expect((await server.call('GET', '/models?group=nobodys')).body.data).toEqual([]);
  });
});

describe('GET /{external_user_id}/stats', () => {
  it('has the documented shape', async () => {
    const { body } = await server.call('GET', '/u/stats');
    const data = statsData.strict().parse(body.data);
    expect(Object.keys(body.data.user_info.balance_capacity)).toEqual([
      'deepseek-chat',
      'qwen-turbo',
      '_summary',
    ]);
    expect(data.user_info.balance_capacity['deepseek-chat']).toMatchObject({
      input_tokens_1k: 111108,
      quota_per_1k_input: 135,
      is_default_model: true,
    });
    expect(data.tokens).toEqual([expect.objectContaining({ id: tokenId, name: 'My API Token', status: 1 })]);
    expect(data.recent_logs).toHaveLength(10);
    expect(data.recent_logs.map(({ type }) => type).slice(0, 3)).toEqual(['refund', 'error', 'consume']);
  });

  it('sums usage by model', async () => {
    await eventually(async () => {
      const usage = (await server.call('GET', '/u/stats')).body.data.model_usage;
      return usage['qwen-turbo']?.requests === 11;
    });
    expect((await server.call('GET', '/u/stats')).body.data.model_usage['qwen-turbo']).toEqual({
      requests: 11,
      prompt_tokens: 154,
      completion_tokens: 198,
      quota: 297,
      spend: 0.000594,
    });
  });

  it('loses the models of a disabled channel on the next read', async () => {
    const { position } = (await ledger.commands.setChannelEnabled(
      { channelId: 'deep', enabled: false, reason: 'test' },
      { actor: 'operator:test', requestId: 'r' },
    )) as { position: bigint };
    await ledger.readModels.waitFor(position, 10_000);
    const { balance_capacity } = (await server.call('GET', '/u/stats')).body.data.user_info;
    expect(Object.keys(balance_capacity)).toEqual(['qwen-turbo', '_summary']);
    expect(balance_capacity._summary.models_available).toBe(1);
  });
});

describe('GET /{external_user_id}/logs', () => {
  it('is newest first, with top-ups and refunds as rows, and sums of page and filter', async () => {
    const page = await logs();
    expect(page.logs.map(({ type }) => type)).toEqual([
      'refund',
      'error',
      ...Array(11).fill('consume'),
      'topup',
    ]);
    expect(page.logs.map(({ id }) => id)).toEqual([...page.logs.map(({ id }) => id)].sort((a, b) => b - a));
    expect(page.logs[0]).toMatchObject({ spend: 10, quota: 5000000, tokens: 0, model: '' });
    expect(page.logs[1]).toMatchObject({ spend: 0, quota: 0 });
    expect(page.logs[2]).toMatchObject({
      username: 'testuser',
      tokens: 32,
      model: 'qwen-turbo',
      spend: 0.000054,
      quota: 27,
      token_name: 'My API Token',
      prompt_tokens: 14,
      completion_tokens: 18,
    });
    expect(page.logs.at(-1)).toMatchObject({ type: 'topup', spend: -40, tokens: 0 });
    expect(page.pagination).toEqual({ page: 1, page_size: 20, total: 14, total_page: 1 });
    expect(page.summary).toEqual({ total_tokens: 352, total_spend: -29.999406 });
    expect(page.range_summary).toEqual({
      total_tokens: 352,
      total_spend: 0.000594,
      total_topup: 40,
      rows: 14,
    });
  });

  it('pages; the summary is of the page, the range of the filter', async () => {
    const second = await logs('?type=consume&page=2&page_size=4');
    expect(second.logs).toHaveLength(4);
    expect(second.pagination).toEqual({ page: 2, page_size: 4, total: 11, total_page: 3 });
    expect([second.summary.total_spend, second.range_summary.total_spend]).toEqual([0.000216, 0.000594]);
    expect((await logs('?page=1000000')).logs).toEqual([]);
  });

  it.each([
    ['?type=topup', 1],
    ['?type=error', 1],
    ['?type=adjust', 0],
    ['?model_name=QWEN', 12],
    ['?model_name=qwen_', 1],
    ['?model_name=%25', 1],
    ['?model_name=%27%20OR%201%3D1--', 0],
    ['?username=testuser', 14],
    ['?username=test', 0],
    ['?start_date=2000-01-01&end_date=2000-01-02', 0],
    ['?start_date=2000-01-01', 14],
    ['?end_date=9999-12-31', 14],
    ['?start_date=garbage&end_date=%27;--', 14],
    ['?start_date=2999-01-01&end_date=2000-01-01', 0],
  ])('%s finds %d rows', async (query, count) => {
    const page = await logs(query);
    expect([page.logs.length, page.range_summary.rows]).toEqual([count, count]);
  });

  it.each([
    ['?page=0', 1, 20],
    ['?page=-7', 1, 20],
    ['?page=9999999999999999', 1_000_000, 20],
    ['?page_size=0', 1, 20],
    ['?page_size=-1', 1, 20],
    ['?page_size=101', 1, 100],
    ['?page_size=9999999999999999', 1, 100],
  ])('%s is brought back into its range', async (query, page, pageSize) => {
    const { pagination } = await logs(query);
    expect([pagination.page, pagination.page_size]).toEqual([page, pageSize]);
  });

  it('a type that there is not is ignored, and keys that no user has have no rows', async () => {
    expect((await logs('?type=gift')).pagination.total).toBe(14);
    expect((await logs('?token_id=-1')).pagination.total).toBe(0);
  });

  it('the row of a call says which request it is of', async () => {
    const calls = (await logs('?type=consume')).logs.map(({ request_id }) => request_id);
    expect(calls).toEqual(Array.from({ length: 11 }, (_, index) => `call-${10 - index}`));
    expect((await logs('?type=topup')).logs[0]?.request_id).toBeNull();
  });

  it('filters by key', async () => {
    expect((await logs(`?token_id=${tokenId}`)).logs).toHaveLength(12);
    expect((await logs(`?token_id=${Number.MAX_SAFE_INTEGER}`)).logs).toEqual([]);
  });

  it("shows and filters days in the ledger's time zone", async () => {
    const [row] = (await logs()).logs;
    const day = row?.time.slice(0, 10) ?? '';
    expect(row?.time_iso).toMatch(/\+08:00$/);
    expect((await logs(`?start_date=${day}&end_date=${day}`)).logs[0]?.id).toBe(row?.id);
  });
});
