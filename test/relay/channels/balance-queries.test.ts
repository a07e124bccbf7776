import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BalanceQueries } from '../../../src/relay/channels/health/balance-queries.js';
import { InProcessChannelState } from '../../../src/relay/channels/state/in-process-channel-state.js';
import { defaultRelaySettings } from '../../../src/relay/ports.js';
import type { OpenChannel } from '../../../src/relay/upstreams/channel.js';
import { UpstreamPools } from '../../../src/relay/upstreams/transport/pools.js';
import { channel } from '../support/relay-world.js';
import { answerJson, startTestUpstream, type TestUpstream } from '../support/test-upstream.js';

const pools = new UpstreamPools({ ...defaultRelaySettings, allowPrivate: ['127.0.0.0/8'], ownOrigins: [] });

describe('what is left with a provider', () => {
  let provider: TestUpstream;
  let state: InProcessChannelState;
  let channels: OpenChannel[];
  const faults: unknown[] = [];
  beforeEach(async () => {
    provider = await startTestUpstream(answerJson('{}'));
    state = new InProcessChannelState(() => performance.now());
    channels = [];
  });
  afterEach(async () => {
    expect(faults).toEqual([]);
    await provider.close();
  });
  const queries = () =>
    new BalanceQueries({ channels: () => channels, state, pools, onFault: (fault) => faults.push(fault) });
  const open = (balance: OpenChannel['settings']['balance']) => {
    const { channelId, settings } = channel('one', provider.url, { balance });
    const key = { channelId, keyId: 'key-1', settings, apiKey: 'provider-key', proxyCredentials: undefined };
    channels = [{ channelId, settings, keys: [key] } as unknown as OpenChannel];
  };

  it.each([
    [
      'deepseek',
      { '/user/balance': { balance_infos: [{ currency: 'CNY', total_balance: '110.50' }] } },
      { amount: 110.5, currency: 'CNY' },
    ],
    [
      'kimi',
      { '/v1/users/me/balance': { data: { available_balance: 49.5 } } },
      { amount: 49.5, currency: 'USD' },
    ],
    [
      'siliconflow',
      { '/v1/user/info': { data: { totalBalance: '88.00' } } },
      { amount: 88, currency: 'USD' },
    ],
    [
      'openrouter',
      { '/api/v1/credits': { data: { total_credits: 100.5, total_usage: 25.25 } } },
      { amount: 75.25, currency: 'USD' },
    ],
    [
      'new-api',
      {
        '/v1/dashboard/billing/subscription': { hard_limit_usd: 20 },
        '/v1/dashboard/billing/usage': { total_usage: 750 },
      },
      { amount: 12.5, currency: 'USD' },
    ],
  ] as const)('is read as %s says it, with the channel’s key', async (query, answers, expected) => {
    open(query);
    provider.behave((response, request) =>
      answerJson(JSON.stringify((answers as Record<string, object>)[request.url] ?? {}))(response, request),
    );
    await queries().look();
    const { balances } = await state.figures();
    expect(balances).toMatchObject([{ channelId: 'one', keyId: 'key-1', ...expected }]);
    expect(provider.seen.map(({ url }) => url)).toEqual(Object.keys(answers));
    expect(provider.seen[0]?.headers.authorization).toBe('Bearer provider-key');
  });

  it('is asked by one process, once in a quarter of an hour', async () => {
    open('deepseek');
    const [one, other] = [queries(), queries()];
    await one.look();
    await other.look();
    await one.look();
    expect(provider.seen).toHaveLength(1);
  });

  it.each([
    ['is not said', answerJson('{"balance_infos":[]}')],
    ['is refused', answerJson('{"balance_infos":[{"currency":"CNY","total_balance":"1"}]}', 401)],
    ['is no JSON', answerJson('<html>')],
  ])('is unknown where it %s', async (_, behaviour) => {
    open('deepseek');
    provider.behave(behaviour);
    await queries().look();
    expect((await state.figures()).balances).toEqual([]);
  });

  it('is not asked for where nobody wants it', async () => {
    open(null);
    await queries().look();
    expect(provider.seen).toEqual([]);
  });
});
