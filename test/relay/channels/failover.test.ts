import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ChannelSettings } from '../../../src/domain/channel/settings.js';
import type { CatalogueView } from '../../../src/projections/catalogue/view.js';
import { readChannelReports } from '../../../src/relay/channels/health/channel-reports.js';
import { InProcessChannelState } from '../../../src/relay/channels/state/in-process-channel-state.js';
import { startConnectProxy } from '../../support/connect-proxy.js';
import { eventually } from '../../support/eventually.js';
import { channel, chat, HELLO, startWorld, type World, type WorldOptions } from '../support/relay-world.js';
import { answerJson, completion, startTestUpstream, type TestUpstream } from '../support/test-upstream.js';

const GOOD = answerJson(completion('hi', { prompt_tokens: 1, completion_tokens: 1 }));
const failing = (status: number, code: string, headers = {}) =>
  answerJson(JSON.stringify({ error: { message: 'no', type: 'x', param: null, code } }), status, headers);
const sealed = (text: string) => ({ key_id: 'master', box: Buffer.from(text).toString('base64') });
const keys = (...secrets: string[]) =>
  secrets.map((secret, n) => ({ id: `key-${n + 1}`, sealed: sealed(secret), disabled: null }));
const prompt = (n: number) => ({ ...HELLO, messages: [{ role: 'user', content: `conversation ${n}` }] });

describe('a call to channels that fail', () => {
  let first: TestUpstream;
  let second: TestUpstream;
  let world: World;
  let state: InProcessChannelState;
  beforeEach(async () => {
    first = await startTestUpstream(GOOD);
    second = await startTestUpstream(GOOD);
    state = new InProcessChannelState(() => performance.now());
  });
  afterEach(async () => {
    expect(await world.held()).toBe(0n);
    await world.close();
    await Promise.all([first.close(), second.close()]);
  });
  const start = async (
    channels: CatalogueView['channels'],
    settings: WorldOptions['settings'] = {},
  ): Promise<void> => {
    const quick = { channelCooldownMs: 60_000, channelRefreshMs: 20, ...settings };
    world = await startWorld({ channels, settings: quick, dependencies: { channelState: state } });
  };
  const preferred = (more: Partial<ChannelSettings> = {}) =>
    start([channel('one', first.url, { priority: 1, ...more }), channel('two', second.url)]);
  const call = async (n = 0) => (await chat(world, prompt(n))).status;

  it('leaves one alone that fails again and again, and comes back to it when a call has found it well', async () => {
    await start([channel('one', first.url, { priority: 1 }), channel('two', second.url)], {
      channelCooldownMs: 40,
    });
    first.behave(failing(503, 'unavailable'));
    expect([await call(), await call()]).toEqual([200, 200]);
    expect(first.seen).toHaveLength(2);
    expect(world.settlement.charges).toMatchObject([{ channel_id: 'two' }, { channel_id: 'two' }]);
    const [report] = await readChannelReports(state);
    expect(report).toMatchObject({ channelId: 'one', failing: [{ target: 'one', reason: 'status-503' }] });
    first.behave(GOOD);
    await eventually(async () => {
      await call();
      return world.settlement.charges.at(-1)?.channel_id === 'one';
    });
    await eventually(async () => (await readChannelReports(state))[0]?.failing.length === 0);
  });

  it('asks nobody else while one cools down that is all there is', async () => {
    await start([channel('one', first.url)]);
    first.behave(failing(429, 'rate_limit_exceeded', { 'retry-after': '30' }));
    expect([await call(), await call()]).toEqual([429, 429]);
    first.behave(GOOD);
    expect(await call()).toBe(200);
  });

  it('goes on with another key of the channel, and each key cools down by itself', async () => {
    await preferred({ keys: keys('key-a', 'key-b') });
    let refused: string | undefined;
    first.behave((response, request) => {
      refused ??= request.headers.authorization;
      const limited = request.headers.authorization === refused;
      return (limited ? failing(429, 'rate_limit_exceeded', { 'retry-after': '60' }) : GOOD)(
        response,
        request,
      );
    });
    for (let n = 0; n < 6; n++) expect(await call(0)).toBe(200);
    expect(second.seen).toHaveLength(0);
    expect(first.seen.filter(({ headers }) => headers.authorization === refused)).toHaveLength(1);
    expect(world.settlement.charges).toHaveLength(6);
  });

  it('takes a key out of use that is refused, and answers without a word about it', async () => {
    await preferred({ keys: keys('bad-key') });
    first.behave(failing(401, 'invalid_api_key'));
    const answers = await Promise.all([call(1), call(2), call(3)]);
    expect(answers).toEqual([200, 200, 200]);
    await eventually(() => world.observed.retired.length > 0);
    expect(new Set(world.observed.retired)).toEqual(new Set(['one/key-1 the key is refused (status-401)']));
    second.behave(failing(429, 'insufficient_quota'));
    const response = await chat(world, HELLO);
    expect(response.status).toBe(502);
    expect(await response.text()).not.toMatch(/insufficient_quota|invalid_api_key/);
  });

  it('gives a limited channel no more calls than it takes, and refuses what no channel takes', async () => {
    await start([
      channel('one', first.url, { priority: 1, max_concurrency: 2 }),
      channel('two', second.url, { max_calls_per_minute: 1 }),
    ]);
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    first.behave(async (response, request) => {
      await gate;
      await GOOD(response, request);
    });
    const waiting = [call(1), call(2)];
    await eventually(() => first.seen.length === 2);
    expect(await call(3)).toBe(200);
    const running = async () => (await readChannelReports(state)).map(({ running: calls }) => calls);
    await eventually(async () => (await running()).join() === '2,0');
    expect(second.seen).toHaveLength(1);
    const refused = await chat(world, prompt(4));
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    release();
    expect(await Promise.all(waiting)).toEqual([200, 200]);
    await eventually(async () => (await running())[0] === 0);
    await eventually(async () => (await call(5)) === 200);
  });

  it('keeps a conversation at its channel, and spreads conversations', async () => {
    await start([channel('one', first.url), channel('two', second.url)]);
    const placed = async (n: number) => {
      expect(await call(n)).toBe(200);
      return world.settlement.charges.at(-1)?.channel_id;
    };
    const places: (string | undefined)[] = [];
    for (let n = 0; n < 12; n++) places.push(await placed(n));
    expect(new Set(places).size).toBe(2);
    for (let n = 0; n < 12; n++) expect(await placed(n)).toBe(places[n]);
  });

  it('sends what the channel’s settings say, and nothing of the client’s but what they name', async () => {
    await preferred({
      parameter_overrides: { drop: ['user'], default: { temperature: 0.5 }, set: { service_tier: 'flex' } },
      header_overrides: { 'x-title': 'gateway' },
      forward_headers: ['x-trace-id'],
    });
    const headers = { 'x-trace-id': 't-1', 'x-other': 'no', cookie: 'secret' };
    expect((await chat(world, { ...HELLO, user: 'somebody' }, { headers })).status).toBe(200);
    const [seen] = first.seen;
    expect(seen?.body).toEqual({ ...HELLO, service_tier: 'flex', temperature: 0.5 });
    expect(seen?.headers).toMatchObject({ 'x-title': 'gateway', 'x-trace-id': 't-1' });
    expect(seen?.headers).not.toHaveProperty('x-other');
    expect(seen?.headers).not.toHaveProperty('cookie');
  });

  it('goes through the channel’s proxy, and to another channel where the proxy does not let it', async () => {
    const proxy = await startConnectProxy('user:p@ss');
    try {
      const through = { proxy_url: proxy.url, sealed_proxy_credentials: sealed('user:p@ss') };
      await preferred(through);
      expect(await call()).toBe(200);
      expect(first.seen).toHaveLength(1);
      const { host } = new URL(first.url);
      const authorization = `Basic ${Buffer.from('user:p@ss').toString('base64')}`;
      expect(proxy.asked).toEqual([{ address: host, authorization }]);
      await world.close();
      await preferred({ ...through, sealed_proxy_credentials: sealed('user:wrong') });
      expect(await call()).toBe(200);
      expect(second.seen).toHaveLength(1);
    } finally {
      await proxy.close();
    }
  });

  it('checks the health of channels that want it, from one process at a time', async () => {
    const checked = { test_model: 'gpt-test', health_check_interval_seconds: 10 };
    const channels = [
      channel('one', first.url, checked),
      channel('two', second.url, { test_model: 'gpt-test' }),
    ];
    await start(channels);
    const other = await startWorld({ channels, dependencies: { channelState: state } });
    await eventually(() => first.seen.length > 0);
    await eventually(async () => (await readChannelReports(state))[0]?.times?.answered === 1);
    expect(await readChannelReports(state)).toMatchObject([
      { channelId: 'one', check: { outcome: 'answered', status: 200, model: 'gpt-test', by: 'schedule' } },
    ]);
    await other.close();
    expect(first.seen).toHaveLength(1);
    expect(first.seen[0]?.body).toMatchObject({ model: 'gpt-test', max_tokens: 1 });
    expect(second.seen).toHaveLength(0);
    expect(world.settlement.charges).toHaveLength(0);
  });
});
