import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { periodAt } from '../../../src/domain/team/period.js';
import { eventually } from '../../support/eventually.js';
import {
  ACCOUNT,
  channel,
  chat,
  HELLO,
  KEY,
  price,
  startWorld,
  type World,
  type WorldOptions,
} from '../support/relay-world.js';
import {
  answerJson,
  completion,
  delta,
  DONE,
  startTestUpstream,
  stream,
  type TestUpstream,
} from '../support/test-upstream.js';

describe('holds', () => {
  let upstream: TestUpstream;
  let world: World | undefined;
  beforeEach(async () => {
    upstream = await startTestUpstream(
      answerJson(completion('hi', { prompt_tokens: 4, completion_tokens: 6 })),
    );
  });
  afterEach(async () => {
    await world?.close();
    await upstream.close();
  });
  const start = async (options: Partial<WorldOptions> = {}) =>
    (world = await startWorld({ channels: [channel('one', upstream.url)], ...options }));
  const sent = () => upstream.seen.at(-1)?.body;
  const changeKey = async (
    running: World,
    view: object,
    guard: `token:${string}` | `account:${string}` | `team:${string}`,
    revision: bigint,
  ) => {
    const key = running.state.keys.get(`hash:${KEY}`);
    if (key) running.state.keys.set(`hash:${KEY}`, { ...key, ...view });
    await running.balance.raiseGuards([{ key: guard, revision }]);
  };

  it('200 calls at once on a balance that fits 57: exactly those pass, and the balance ends at their cost', async () => {
    const { price: perCall, calls } = { price: 10_000n, calls: 57n };
    const running = await start({
      prices: [price('gpt-test', { per_call_usd: '0.02' })],
      balance: perCall * calls + 9_999n,
    });
    // All are held before the first is answered.
    let release = () => undefined as void;
    const open = new Promise<void>((resolve) => (release = resolve));
    const good = answerJson(completion('hi', { prompt_tokens: 1, completion_tokens: 1 }));
    upstream.behave(async (response, request) => {
      await open;
      await good(response, request);
    });
    const answers = Array.from({ length: 200 }, () => chat(running, HELLO));
    await eventually(() => upstream.seen.length === 57 && running.settlement.failures.length === 143, {
      timeoutMs: 20_000,
    });
    release();
    const statuses = (await Promise.all(answers)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(57);
    expect(statuses.filter((status) => status === 402)).toHaveLength(143);
    expect(running.balances.get(`account:${ACCOUNT}`)).toBe(9_999n);
    expect(await running.held()).toBe(0n);
  });

  it('is held against the budgets of its team in the periods in which it began, and told which one is spent', async () => {
    const running = await start();
    const of = { budgetId: 'm', kind: 'member', period: 'month', timezone: 'Asia/Shanghai' } as const;
    const team = {
      ...{ teamId: ACCOUNT, memberId: 'ann', memberGone: false, memberSuspended: false },
      ...{ teamRevision: 0n, memberRevision: 0n },
      budgets: [of, { ...of, budgetId: 'k', kind: 'key', period: 'day' } as const],
    };
    await changeKey(running, { team, tokenRevision: 1n }, 'token:1', 1n);
    const month = periodAt(of, Date.now()).name;
    const day = periodAt({ ...of, period: 'day' }, Date.now()).name;
    running.balances.set(`budget:m:${month}`, 10_000n);
    running.balances.set(`budget:k:${day}`, 9_000_000n);
    running.balances.set(`team:${ACCOUNT}`, 0n);
    running.balances.set('account:ann', 0n);
    expect((await chat(running, HELLO)).status).toBe(200);
    await running.balance.load([{ budget: `budget:m:${month}`, balance: 0n, position: 99n, revision: 0n }]);
    const refused = await chat(running, HELLO);
    expect(refused.status).toBe(402);
    expect(await refused.json()).toMatchObject({
      error: {
        message: expect.stringMatching(`^The member's budget of ${month} cannot carry this call`),
        ...{ code: 'insufficient_quota', budget: 'team-member', period: month, available: 0 },
      },
    });
    // Taken out of the team: at once, although the copy of the key says otherwise.
    await changeKey(
      running,
      { team: { ...team, memberGone: true, teamRevision: 1n } },
      `team:${ACCOUNT}`,
      1n,
    );
    expect((await chat(running, HELLO)).status).toBe(401);
    const suspended = { ...team, memberSuspended: true, teamRevision: 1n, memberRevision: 1n };
    await changeKey(running, { team: suspended }, 'account:ann', 1n);
    expect((await chat(running, HELLO)).status).toBe(403);
  });

  it('a short balance lowers the output limit that upstream is told to what it affords', async () => {
    const running = await start({ balance: 400n });
    const response = await chat(running, { ...HELLO, max_tokens: 900 });
    expect(response.status).toBe(200);
    const lowered = sent()?.['max_tokens'] as number;
    expect(lowered).toBeLessThan(400);
    expect(lowered).toBeGreaterThan(300);
    expect(running.settlement.charges[0]?.hold_quota).toBeLessThanOrEqual(400n);
  });

  it('shares a lowered limit among the choices, and names it as the model wants it', async () => {
    const prices = [price('gpt-5-x')];
    const channels = [channel('one', upstream.url, { models: ['gpt-5-x'] })];
    await chat(await start({ balance: 400n, prices, channels }), { ...HELLO, model: 'gpt-5-x', n: 3 });
    expect(sent()?.['max_tokens']).toBeUndefined();
    expect(sent()?.['max_completion_tokens']).toBeGreaterThan(100);
    expect(sent()?.['max_completion_tokens']).toBeLessThan(134);
  });

  it('rejects instead where the setting says so', async () => {
    const running = await start({
      balance: 400n,
      settings: { defaults: { hold_policy: 'reject', limits: {} } },
    });
    expect((await chat(running, { ...HELLO, max_tokens: 900 })).status).toBe(402);
    expect((await chat(running, { ...HELLO, max_tokens: 100 })).status).toBe(200);
  });

  it('takes a changed setting with the next look at the catalogue, and the default when it is taken back', async () => {
    const running = await start({ balance: 400n });
    const changedTo = async (value: 'reject' | null) => {
      running.state.settings = [
        { key: 'hold_policy', value, changedBy: 'operator:a', changedAt: new Date() },
      ];
      await running.relay.refreshCatalogue();
      return (await chat(running, { ...HELLO, max_tokens: 900 })).status;
    };
    expect(await changedTo('reject')).toBe(402);
    expect(await changedTo(null)).toBe(200);
  });

  it('a wish above what the model can produce is lowered to it; one below is left alone', async () => {
    const running = await start();
    await chat(running, { ...HELLO, max_tokens: 5_000 });
    expect(sent()?.['max_tokens']).toBe(1_000);
    await chat(running, { ...HELLO, max_completion_tokens: 50 });
    expect(upstream.seen.at(-1)?.raw.toString()).toBe(
      JSON.stringify({ ...HELLO, max_completion_tokens: 50 }),
    );
  });

  it('a charge above its hold is charged all the same and recorded as overshoot', async () => {
    upstream.behave(answerJson(completion('hi', { prompt_tokens: 90_000, completion_tokens: 1 })));
    const running = await start();
    await chat(running, { ...HELLO, max_tokens: 10 });
    const [charge] = running.settlement.charges;
    expect(charge?.quota).toBe(90_001n);
    expect(charge?.overshoot_quota).toBe(90_001n - (charge?.hold_quota ?? 0n));
  });

  it('free models need no balance', async () => {
    const running = await start({ balance: 0n, prices: [price('gpt-test', { model_ratio: '0' })] });
    expect((await chat(running, HELLO)).status).toBe(200);
    expect(running.settlement.charges).toMatchObject([{ quota: 0n, rounding: 'free' }]);
  });

  it('prices of calls under way are those they were held under', async () => {
    const running = await start();
    let release = () => undefined as void;
    const open = new Promise<void>((resolve) => (release = resolve));
    const good = answerJson(completion('hi', { prompt_tokens: 4, completion_tokens: 6 }));
    upstream.behave(async (response, request) => {
      await open;
      await good(response, request);
    });
    const call = chat(running, HELLO);
    await eventually(() => upstream.seen.length === 1);
    running.state.catalogue = {
      ...running.state.catalogue,
      priceVersion: 4,
      prices: [price('gpt-test', { model_ratio: '9' })],
    };
    await running.relay.refreshCatalogue();
    release();
    await call;
    await chat(running, HELLO);
    expect(running.settlement.charges).toMatchObject([
      { price_version: 3, quota: 10n },
      { price_version: 4, quota: 90n },
    ]);
  });

  it("the group's ratio, the key's own group before the account's, and the channel's name for the model count", async () => {
    const running = await start({
      groups: [
        { name: 'default', ratio: '1' },
        { name: 'half', ratio: '0.5' },
      ],
      channels: [
        channel('half', upstream.url, { groups: ['half'], model_mapping: { 'gpt-test': 'real-name' } }),
      ],
      limits: { group: 'half' },
    });
    await chat(running, HELLO);
    expect(sent()?.['model']).toBe('real-name');
    expect(running.settlement.charges).toMatchObject([
      { group: 'half', group_ratio: '0.5', quota: 5n, model: 'gpt-test', upstream_model: 'real-name' },
    ]);
  });

  it('keys are read once; a disabled key is refused at the next call, an enabled one works again at once', async () => {
    const running = await start();
    for (let call = 0; call < 3; call++) expect((await chat(running, HELLO)).status).toBe(200);
    expect(running.state.keyReads).toBe(1);
    const models = async () =>
      (await fetch(`${running.url}/v1/models`, { headers: { authorization: `Bearer ${KEY}` } })).status;
    expect(await models()).toBe(200);
    await changeKey(running, { disabled: true, tokenRevision: 1n }, 'token:1', 1n);
    // Also where nothing is held.
    expect(await models()).toBe(401);
    expect((await chat(running, HELLO)).status).toBe(401);
    expect((await chat(running, HELLO)).status).toBe(401);
    await changeKey(running, { disabled: false, tokenRevision: 2n }, 'token:1', 2n);
    expect((await chat(running, HELLO)).status).toBe(200);
    await changeKey(running, { accountSuspended: true, accountRevision: 1n }, `account:${ACCOUNT}`, 1n);
    expect((await chat(running, HELLO)).status).toBe(403);
    expect((await fetch(`${running.url}/v1/models`, { headers: { 'x-api-key': KEY } })).status).toBe(403);
  });

  it('a guard raised before the read model caught up is waited for', async () => {
    const running = await start();
    await chat(running, HELLO);
    await running.balance.raiseGuards([{ key: 'token:1', revision: 1n }]);
    const call = chat(running, HELLO);
    await eventually(() => running.state.keyReads > 2);
    await changeKey(running, { revoked: true, tokenRevision: 1n }, 'token:1', 1n);
    expect((await call).status).toBe(401);
  });

  it('tell at a heartbeat what has been delivered, and keep the charge in the spool held', async () => {
    const running = await start();
    running.settlement.mode = 'spool';
    upstream.behave(stream([delta('Hello'), delta(' there')], 'hang'));
    const abort = new AbortController();
    const response = await chat(running, { ...HELLO, stream: true }, { signal: abort.signal });
    await (response.body as ReadableStream<Uint8Array>).getReader().read();
    await eventually(() => [...running.openHolds.values()][0]?.() === 6);
    abort.abort();
    await eventually(() => running.settlement.charges.length === 1);
    expect(await running.held()).toBeGreaterThan(0n);
    upstream.behave(stream([DONE]));
  });
});
