import { afterEach, describe, expect, it } from '@jest/globals';
import type { ReadModels } from '../../src/projections/read-models.js';
import type { TokenView } from '../../src/projections/token/view.js';
import type { LogFilter } from '../../src/projections/usage/filter.js';
import type { LogRow } from '../../src/projections/usage/log-row.js';
import { presentCapacity } from '../../src/http/routes/external/stats/capacity.js';
import { exactJson } from '../../src/http/json/exact-json.js';
import { channel, price } from './support/catalogue.js';
import { fakeReadModels, someAccount } from './support/fakes.js';
import { type HttpServer, startHttpServer } from './support/http-server.js';

// How what the read models know is shown: numbers, order, days, status.

let server: HttpServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function start(
  overrides: Partial<ReadModels>,
  timezone = 'UTC',
  now = new Date('2026-11-21T00:00:00Z'),
) {
  await server?.close();
  server = await startHttpServer({
    readModels: fakeReadModels(overrides),
    settings: { timezone },
    now: () => now,
  });
  return server;
}

describe('GET /{external_user_id}', () => {
  it('shows identity and money', async () => {
    const { call } = await start({});
    const reply = await call('GET', '/u1');
    expect(reply.body).toEqual({
      success: true,
      data: {
        user_id: 1,
        external_user_id: 'u1',
        username: 'testuser',
        display_name: '测试用户',
        email: 'u1@external.local',
        phone: '',
        login_type: 'email',
        group: 'default',
        aff_code: '',
        status: 1,
        current_quota: 15000000,
        current_balance: 30,
        used_quota: 0,
        total_requests: 0,
        created_at: 1767225600,
      },
    });
  });

  it.each([
    [1n, '0.000002'],
    [-1n, '-0.000002'],
    [34245000n, '68.49'],
    [9007199254740991n, '18014398509.481982'],
    [0n, '0'],
  ])('a balance of %s quota is %s dollars, digit for digit', async (balance, text) => {
    const { call } = await start({ account: async () => ({ ...someAccount, balance }) });
    expect((await call('GET', '/u1')).text).toContain(
      `"current_quota":${balance},"current_balance":${text},`,
    );
  });

  it('shows an erased or suspended user without personal data', async () => {
    const { call } = await start({
      account: async (externalUserId) => ({
        ...someAccount,
        personal: undefined,
        suspended: true,
        erased: externalUserId === 'u2',
      }),
    });
    expect((await call('GET', '/u1')).body.data).toMatchObject({ email: '', display_name: '', status: 2 });
    expect((await call('GET', '/u2')).body.data).toMatchObject({ email: '', display_name: '', status: 3 });
  });
});

describe('balance_capacity', () => {
  const catalogue = (...channels: ReturnType<typeof channel>[]) => ({
    priceVersion: 1,
    prices: [
      price('qwen-turbo', '0.8572', '1'),
      price('deepseek-chat', '0.135', '4'),
      price('gpt-4', '15', '2'),
      price('gemini-flash', '0.275', '4'),
      price('image', '1', '1', '0.02'),
      price('free-model', '0', '1'),
      price('4', '1', '1'),
      price('unserved', '1', '1'),
    ],
    groups: [
      { name: 'default', ratio: '1' },
      { name: 'vip', ratio: '0.5' },
    ],
    channels,
  });
  const shown = (map: Map<string, unknown>) =>
    JSON.parse(exactJson(map)) as Record<string, Record<string, unknown>>;
  const main = channel('main', {
    models: ['deepseek-chat', 'qwen-turbo', 'no-price'],
    test_model: 'deepseek-chat',
  });
  const second = channel('second', { models: ['qwen-turbo'], test_model: 'qwen-turbo' });

  it('is the example of the contract, word for word', () => {
    expect(shown(presentCapacity(catalogue(main, second), 'default', 15_000_000n))).toEqual({
      'deepseek-chat': {
        input_tokens_1k: 111111,
        model_ratio: 0.135,
        completion_ratio: 4,
        group_ratio: 1,
        base_price_usd: 0.00027,
        quota_per_1k_input: 135,
        pricing_note: '输入：135 quota/1K tokens，输出：540 quota/1K tokens',
        is_default_model: true,
      },
      'qwen-turbo': {
        input_tokens_1k: 17502,
        model_ratio: 0.8572,
        completion_ratio: 1,
        group_ratio: 1,
        base_price_usd: 0.0017144,
        quota_per_1k_input: 857,
        pricing_note: '输入：857 quota/1K tokens，输出：857 quota/1K tokens',
        is_default_model: true,
      },
      _summary: {
        total_balance_usd: 30,
        total_quota: 15000000,
        quota_per_usd: 500000,
        billing_formula: '消耗quota = 分组倍率 × 模型倍率 × (输入tokens + 输出tokens × 补全倍率)',
        models_available: 2,
        note: '实际消费取决于输入和输出token数量，此处仅显示输入token的估算',
      },
    });
  });

  it.each([
    ['deepseek-chat', 1851],
    ['gemini-flash', 909],
    ['gpt-4', 16],
  ])('250000 quota buys of %s %d thousand tokens', (model, thousands) => {
    const all = channel('all', { models: ['deepseek-chat', 'gemini-flash', 'gpt-4'] });
    expect(shown(presentCapacity(catalogue(all), 'default', 250_000n))[model]?.input_tokens_1k).toBe(
      thousands,
    );
  });

  it('lists test models first, then by name, whatever the names look like; only test models are marked', () => {
    const all = channel('all', {
      models: ['gpt-4', 'qwen-turbo', '4', 'deepseek-chat'],
      test_model: 'qwen-turbo',
    });
    const map = presentCapacity(catalogue(all), 'default', 1000n);
    expect([...map.keys()]).toEqual(['qwen-turbo', '4', 'deepseek-chat', 'gpt-4', '_summary']);
    expect(exactJson(map).match(/is_default_model/g)).toHaveLength(1);
  });

  it('shows per-call prices and free models as such', () => {
    const all = channel('all', { models: ['image', 'free-model'] });
    const map = shown(presentCapacity(catalogue(all), 'vip', 100_000n));
    expect(map.image).toMatchObject({ price_per_call_usd: 0.01, calls: 20, group_ratio: 0.5 });
    expect(map.image).not.toHaveProperty('input_tokens_1k');
    expect(map['free-model']).toMatchObject({ free: true, model_ratio: 0 });
  });

  it('leaves out models of disabled channels, other groups and without a price', () => {
    const off = { ...main, enabled: false };
    const vip = channel('vip', { models: ['gpt-4'], groups: ['vip'] });
    expect([...presentCapacity(catalogue(off, vip), 'default', 1n).keys()]).toEqual(['_summary']);
    expect([...presentCapacity(catalogue(off, vip), 'vip', 1n).keys()]).toEqual(['gpt-4', '_summary']);
    expect(shown(presentCapacity(catalogue(off), 'default', 1n))._summary?.models_available).toBe(0);
  });

  it.each([0n, -5n])('is {} at a quota of %s', (quota) => {
    expect(exactJson(presentCapacity(catalogue(main), 'default', quota))).toBe('{}');
  });
});

describe('GET /{external_user_id}/stats', () => {
  const token = (changes: Partial<TokenView>, limits: Partial<TokenView['limits']> = {}): TokenView => ({
    tokenId: 1,
    accountId: someAccount.accountId,
    tokenName: 'My API Token',
    keyMask: 'sk-abcd...wxyz',
    disabled: false,
    usedQuota: 0n,
    ...changes,
    limits: { expires_at: 1767195600, quota_limit: null, models: [], allow_ips: [], group: null, ...limits },
  });
  const before = new Date(1767195599_000);
  const after = new Date(1767195600_000);

  it.each([
    ['1 enabled', token({}), before, 30n, 1],
    ['1 enabled, never expires', token({}, { expires_at: null }), after, 30n, 1],
    ['2 disabled', token({ disabled: true }), after, 0n, 2],
    ['3 expired', token({}), after, 0n, 3],
    ['4 exhausted, no balance', token({}), before, 0n, 4],
    ['4 exhausted, limit used up', token({ usedQuota: 10n }, { quota_limit: 10n }), before, 30n, 4],
    ['1 enabled, limit not used up', token({ usedQuota: 9n }, { quota_limit: 10n }), before, 30n, 1],
  ])('token status is %s', async (_, view, now, balance, status) => {
    const { call } = await start(
      { tokens: async () => [view], account: async () => ({ ...someAccount, balance }) },
      'UTC',
      now,
    );
    const [shown] = (await call('GET', '/u1/stats')).body.data.tokens;
    expect(shown).toMatchObject({
      id: 1,
      name: 'My API Token',
      key: 'sk-abcd...wxyz',
      status,
      expired_time: view.limits.expires_at ?? -1,
    });
  });

  it('of a user without anything has empty lists and {}', async () => {
    const { call } = await start({ account: async () => ({ ...someAccount, balance: 0n }) });
    expect((await call('GET', '/u1/stats')).body.data).toEqual({
      user_info: {
        external_user_id: 'u1',
        username: 'testuser',
        display_name: '测试用户',
        current_quota: 0,
        current_balance: 0,
        used_quota: 0,
        total_requests: 0,
        balance_capacity: {},
      },
      tokens: [],
      recent_logs: [],
      model_usage: {},
    });
  });

  it('sums usage by model and takes ten recent rows', async () => {
    const limits: number[] = [];
    const { call } = await start({
      modelUsage: async () => [
        { model: 'qwen-turbo', requests: 2, promptTokens: 28n, completionTokens: 36n, quota: 54n },
      ],
      recentLogs: async (_, limit) => {
        limits.push(limit);
        return [];
      },
    });
    expect((await call('GET', '/u1/stats')).body.data.model_usage).toEqual({
      'qwen-turbo': { requests: 2, prompt_tokens: 28, completion_tokens: 36, quota: 54, spend: 0.000108 },
    });
    expect(limits).toEqual([10]);
  });
});

describe('GET /{external_user_id}/logs', () => {
  const row = (changes: Partial<LogRow>): LogRow => ({
    id: 7n,
    at: new Date('2024-01-30T15:30:25Z'),
    type: 'consume',
    username: 'testuser',
    model: 'qwen-turbo',
    tokenName: 'k',
    promptTokens: 30,
    completionTokens: 50,
    spendQuota: 1000n,
    requestId: 'r',
    ...changes,
  });

  async function filterOf(query: string, timezone = 'UTC') {
    let seen: { filter: LogFilter; page: unknown } | undefined;
    const { call } = await start(
      {
        logs: async (_, filter, page) => {
          seen = { filter, page };
          return { rows: [], total: 0, range: { totalTokens: 0n, totalSpend: 0n, totalTopup: 0n } };
        },
      },
      timezone,
    );
    const reply = await call('GET', `/u1/logs?${query}`);
    expect([reply.status, reply.body.data.logs]).toEqual([200, []]);
    return seen;
  }

  it.each([
    ['UTC', '2024-01-30', '2024-01-30', '2024-01-30T00:00:00.000Z', '2024-01-31T00:00:00.000Z'],
    ['Asia/Shanghai', '2024-01-30', '2024-01-31', '2024-01-29T16:00:00.000Z', '2024-01-31T16:00:00.000Z'],
    ['Europe/Berlin', '2024-03-31', '2024-03-31', '2024-03-30T23:00:00.000Z', '2024-03-31T22:00:00.000Z'],
    ['UTC', '0000-01-01', '9999-12-31', '1970-01-01T00:00:00.000Z', '9999-01-02T00:00:00.000Z'],
  ])('%s: %s to %s, both inclusive', async (timezone, start_date, end_date, from, until) => {
    const seen = await filterOf(`start_date=${start_date}&end_date=${end_date}`, timezone);
    expect([seen?.filter.from?.toISOString(), seen?.filter.until?.toISOString()]).toEqual([from, until]);
  });

  it.each([
    'yesterday',
    '2024-02-30',
    '2024-1-3',
    '20240130',
    '2024-01-30T10:00:00',
    "2024-01-30' OR '1'='1",
    '-1',
    '',
  ])('a date of %j is ignored', async (text) => {
    const seen = await filterOf(new URLSearchParams({ start_date: text, end_date: text }).toString());
    expect([seen?.filter.from, seen?.filter.until]).toEqual([undefined, undefined]);
  });

  it('passes the other filters and the page on as they are; empty ones count as absent', async () => {
    const seen = await filterOf(
      'username=a%25b&model_name=qwen_&type=consume&token_id=3&page=3&page_size=50',
    );
    expect(seen).toEqual({
      filter: expect.objectContaining({
        username: 'a%b',
        modelContains: 'qwen_',
        type: 'consume',
        tokenId: 3,
      }),
      page: { offset: 100, limit: 50 },
    });
    expect((await filterOf('username=&type=&page='))?.page).toEqual({ offset: 0, limit: 20 });
  });

  it('shows rows, pagination and both summaries as the contract has them', async () => {
    const { call } = await start(
      {
        logs: async () => ({
          rows: [
            row({}),
            row({
              id: 5n,
              type: 'topup',
              at: new Date('2024-01-30T10:00:00Z'),
              model: '',
              tokenName: '',
              promptTokens: 0,
              completionTokens: 0,
              spendQuota: -5_000_000n,
            }),
            row({ id: 4n, type: 'error', promptTokens: 0, completionTokens: 0, spendQuota: 0n }),
          ],
          total: 25,
          range: { totalTokens: 1250n, totalSpend: 1_075_000n, totalTopup: 5_000_000n },
        }),
      },
      'Asia/Shanghai',
    );
    const { data } = (await call('GET', '/u1/logs')).body;
    expect(data.logs[0]).toEqual({
      time: '2024-01-30 23:30:25',
      username: 'testuser',
      tokens: 80,
      type: 'consume',
      model: 'qwen-turbo',
      spend: 0.002,
      id: 7,
      request_id: 'r',
      quota: 1000,
      token_name: 'k',
      prompt_tokens: 30,
      completion_tokens: 50,
      time_iso: '2024-01-30T23:30:25.000+08:00',
    });
    expect(data.logs[1]).toMatchObject({
      time: '2024-01-30 18:00:00',
      type: 'topup',
      model: '',
      tokens: 0,
      spend: -10,
    });
    expect(data.logs[2]).toMatchObject({ type: 'error', spend: 0 });
    expect(data.pagination).toEqual({ page: 1, page_size: 20, total: 25, total_page: 2 });
    expect(data.summary).toEqual({ total_tokens: 80, total_spend: -9.998 });
    expect(data.range_summary).toEqual({ total_tokens: 1250, total_spend: 2.15, total_topup: 10, rows: 25 });
  });

  it('of an unknown user are a 404, after the shape was checked', async () => {
    const { call } = await start({});
    expect((await call('GET', '/nobody/logs')).body.message).toBe('用户不存在');
    expect((await call('GET', '/nobody/logs?page=x')).status).toBe(400);
  });
});
