import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { OpenRouter } from '@openrouter/sdk';
import type { LogRow } from '../../../src/projections/usage/log-row.js';
import type { WalletView } from '../../../src/projections/token/view.js';
import { isRelayPath } from '../../../src/relay/dialects/near-misses.js';
import { otherWalletRoutes, walletRoutes } from '../../../src/relay/dialects/wallet/routes.js';
import { channel, KEY, startWorld, type World, type WorldOptions } from '../support/relay-world.js';

const USD = 500_000n;

const spent: WalletView = {
  balance: 8n * USD,
  usedQuota: 2n * USD,
  totalRequests: 7,
  keyLimit: null,
  keyUsed: USD / 2n,
  keyUsedSince: { day: 1n, week: USD / 4n, month: USD / 2n },
};

const aCall: LogRow = {
  id: 12n,
  at: new Date('2026-11-29T01:02:03Z'),
  type: 'consume',
  username: 'alice',
  model: 'gpt-test',
  tokenName: 'test',
  promptTokens: 10,
  completionTokens: 3,
  spendQuota: 250n,
  requestId: 'req-7',
};

describe('what the holder of a key asks of it', () => {
  let world: World;
  let wallet: WalletView;
  const start = async (options: Partial<WorldOptions> = {}) => {
    await world?.close();
    world = await startWorld({
      channels: [channel('one', 'http://127.0.0.1:9')],
      ...options,
      dependencies: {
        wallets: {
          waitForSettled: async () => undefined,
          wallet: async () => wallet,
          call: async (tokenId, id) => (tokenId === 1 && id === aCall.requestId ? aCall : undefined),
          logs: async (_account, { tokenId }) => ({
            rows: tokenId === 1 ? [aCall] : [],
            total: 1,
            range: { totalTokens: 0n, totalSpend: 0n, totalTopup: 0n },
          }),
        },
      },
    });
  };
  beforeEach(async () => {
    wallet = spent;
    await start();
  });
  afterEach(() => world.close());

  const get = async (path: string, key = KEY) => {
    const response = await fetch(`${world.url}${path}`, { headers: { authorization: `Bearer ${key}` } });
    return { status: response.status, body: (await response.json()) as Record<string, never> };
  };
  const read = async <Answer>(path: string) => (await get(path)).body as Answer;

  it.each(['', '/v1'])(
    '%s/dashboard/billing: what is left is the limit less the usage, in dollars and cents',
    async (base) => {
      // As NextChat and Chatbox read them.
      const limits = await read<{ hard_limit_usd: number }>(`${base}/dashboard/billing/subscription`);
      const usage = await read<{ total_usage: number }>(
        `${base}/dashboard/billing/usage?start_date=2026-11-01&end_date=2026-11-30`,
      );
      expect([limits.hard_limit_usd, usage.total_usage]).toEqual([10, 200]);
      expect(limits.hard_limit_usd - usage.total_usage / 100).toBe(8);
    },
  );

  it('of a key with a limit: its own figures, and never more than the account has', async () => {
    wallet = { ...spent, keyLimit: 3n * USD };
    const limits = await read<{ hard_limit_usd: number }>('/v1/dashboard/billing/subscription');
    expect(limits.hard_limit_usd).toBe(3);
    wallet = { ...wallet, balance: USD };
    expect(await read('/user/balance')).toMatchObject({ balance: 1, is_available: true });
    wallet = { ...wallet, balance: -USD };
    expect(await read('/user/balance')).toMatchObject({ balance: 0, is_available: false });
  });

  it.each(['/api/usage/token', '/api/usage/token/'])('%s: quota, as New API tells it', async (path) => {
    expect(await read(path)).toEqual({
      code: true,
      message: 'ok',
      data: {
        object: 'token_usage',
        name: 'test',
        total_granted: 5_000_000,
        total_used: 1_000_000,
        total_available: 4_000_000,
        unlimited_quota: true,
        model_limits: {},
        model_limits_enabled: false,
        expires_at: 0,
      },
    });
  });

  it('/api/usage/token: the limits of a key that has some', async () => {
    await start({ limits: { models: ['gpt-test', 'o*'], expires_at: 4_000_000_000 } });
    wallet = { ...spent, keyLimit: USD };
    expect(await read('/api/usage/token')).toMatchObject({
      data: {
        total_granted: 500_000,
        unlimited_quota: false,
        model_limits: { 'gpt-test': true, 'o*': true },
        model_limits_enabled: true,
        expires_at: 4_000_000_000,
      },
    });
  });

  it('/api/user/self: what is left and used, as cc-switch counts it, and nothing of the person', async () => {
    const answer = await read<{
      success: boolean;
      data: { quota: number; used_quota: number; group: string };
    }>('/api/user/self');
    const { quota, used_quota: used, group } = answer.data;
    expect([answer.success, group, quota / 500_000, used / 500_000]).toEqual([true, 'default', 8, 2]);
    expect(JSON.stringify(answer)).not.toMatch(/alice|@|email/);
  });

  it('/v1/usage: what is left and what was used today', async () => {
    expect(await read('/v1/usage')).toMatchObject({
      isValid: true,
      remaining: 8,
      unit: 'USD',
      usage: { today: { cost: 0.000002 }, total: { cost: 0.5 } },
    });
  });

  it('/api/log/token: the key’s own calls; the key may be in the address', async () => {
    const row = { model_name: 'gpt-test', quota: 250, prompt_tokens: 10, type: 2, created_at: 1_795_914_123 };
    expect(await read('/api/log/token')).toMatchObject({ success: true, data: [row] });
    const response = await fetch(`${world.url}/api/log/token?key=${KEY}`);
    expect(await response.json()).toMatchObject({ data: [row] });
    expect((await fetch(`${world.url}/api/usage/token?key=${KEY}`)).status).toBe(401);
  });

  it.each(['/api/v1', '/v1'])(
    'OpenRouter’s client reads key, credits and a generation below %s',
    async (base) => {
      wallet = { ...spent, keyLimit: USD };
      const router = new OpenRouter({ apiKey: KEY, serverURL: `${world.url}${base}` });
      const { data: key } = await router.apiKeys.getCurrentKeyMetadata();
      expect(key).toMatchObject({
        limit: 1,
        limitRemaining: 0.5,
        usage: 0.5,
        usageWeekly: 0.25,
        expiresAt: null,
      });
      expect((await router.credits.getCredits()).data).toMatchObject({ totalCredits: 10, totalUsage: 2 });
      const { data: generation } = await router.generations.getGeneration({ id: 'req-7' });
      expect(generation).toMatchObject({
        totalCost: 0.0005,
        tokensPrompt: 10,
        tokensCompletion: 3,
        model: 'gpt-test',
      });
      expect(await get(`${base}/generation?id=nobody`)).toMatchObject({
        status: 404,
        body: { error: { code: 'reference_not_found' } },
      });
      expect(await get(`${base}/generation`)).toMatchObject({ status: 400 });
      const nobody = new OpenRouter({ apiKey: 'sk-nobody', serverURL: `${world.url}${base}` });
      for (const asked of [nobody.credits.getCredits(), router.generations.getGeneration({ id: 'nobody' })])
        await expect(asked).rejects.toMatchObject({
          statusCode: expect.any(Number),
          body: expect.stringContaining('error'),
        });
    },
  );

  it('every path is the relay’s, and refuses a key that is none in the words of its clients', async () => {
    for (const { path } of [...walletRoutes, ...otherWalletRoutes]) {
      expect([path, isRelayPath(path)]).toEqual([path, true]);
      const { status, body } = await get(path, 'sk-nobody');
      const ofNewApi = path.startsWith('/api/') && !path.startsWith('/api/v1/');
      expect([path, status, body]).toEqual([
        path,
        401,
        ofNewApi
          ? { success: false, code: 'invalid_api_key', message: expect.any(String) }
          : { error: expect.objectContaining({ code: 'invalid_api_key' }) },
      ]);
    }
  });
});
