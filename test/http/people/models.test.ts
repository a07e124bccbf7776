import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { channel, price } from '../support/catalogue.js';
import { type Browser, type PeopleServer, startPeopleServer } from '../support/people-server.js';

const meta = { actor: 'operator:root', requestId: 'setup' };
let world: PeopleServer;
let ann: Browser;
beforeAll(async () => {
  world = await startPeopleServer();
  ann = await world.registered('ann');
  const { commands } = world.ledger;
  await commands.publishPriceList(
    {
      prices: [
        { ...price('tokens', '1.25', '4'), cache_ratio: '0.5' },
        price('drawn', '0', '1', '0.04'),
        price('of-others', '1', '1'),
      ],
      groups: [
        { name: 'default', ratio: '1' },
        { name: 'vip', ratio: '0.5', special_ratios: [{ model: 'of-others', ratio: '3' }] },
      ],
    },
    meta,
  );
  const configured = (channelId: string, models: readonly string[], groups: readonly string[]) => {
    const { settings } = channel(channelId, { models: [...models], groups: [...groups] });
    return commands.configureChannel(
      { channelId, settings, keys: [{ secret: 'sk-test' }], enabled: true },
      meta,
    );
  };
  await configured('all', ['tokens', 'drawn'], ['default', 'vip']);
  const last = await configured('vip', ['of-others'], ['vip']);
  if (last.ok) await world.ledger.readModels.waitFor(last.position, 10_000);
});
afterAll(() => world.close());

const own = async () => (await ann.call('GET', '/api/user/models')).body.data;

it('lists what one’s group may call, at the prices of that group, without where it is answered', async () => {
  const { group, group_ratio, price_version, models } = await own();
  expect([group, group_ratio, price_version]).toEqual(['default', '1', '1']);
  expect(models).toMatchObject([
    { model_name: 'drawn', usd_per_million: null, price: { per_call_usd: '0.04' } },
    {
      model_name: 'tokens',
      supported_endpoint_types: ['openai'],
      usd_per_million: { input: '2.5', cached_input: '1.25', output: '10' },
    },
  ]);
  expect(JSON.stringify(models)).not.toContain('127.0.0.1');
});

it('follows the group that one is in', async () => {
  const { external_user_id: externalUserId } = (await ann.call('GET', '/api/user/self')).body.data;
  const moved = await world.ledger.commands.changeAccountGroup({ externalUserId, group: 'vip' }, meta);
  if (!moved.ok) throw new Error('not moved');
  await world.ledger.readModels.waitFor(moved.position, 10_000);
  const { group, group_ratio, models } = await own();
  expect([group, group_ratio]).toEqual(['vip', '0.5']);
  expect(models.map((each: { model_name: string }) => each.model_name)).toEqual([
    'drawn',
    'of-others',
    'tokens',
  ]);
  expect(models[2].usd_per_million).toEqual({ input: '1.25', cached_input: '0.625', output: '5' });
  // A ratio of a model goes before that of its group.
  expect(models[1].usd_per_million.input).toBe('6');
  expect(models[0]).toMatchObject({ usd_per_million: null, usd_per_piece: { call: '0.02' } });
});

it('says what a call would cost, as the call would be charged', async () => {
  const estimate = async (query: string) =>
    world.server.raw(`/api/pricing/estimate?${query}`, { headers: { 'Accept-Language': 'en' } });
  const of = async (model: string, prompt: number, completion: number) =>
    (await estimate(`model=${model}&group=vip&prompt_tokens=${prompt}&completion_tokens=${completion}`)).body
      .data;
  expect(await of('tokens', 10_000, 1_000)).toEqual({ quota: 8_750, usd: '0.0175', price_version: '1' });
  expect(await of('of-others', 1, 0)).toMatchObject({ quota: 3 });
  expect(await of('drawn', 10_000, 1_000)).toMatchObject({ quota: 10_000, usd: '0.02' });
  expect(
    (await estimate('model=of-others&group=default&prompt_tokens=1&completion_tokens=1')).body.code,
  ).toBe('model_not_found');
  expect((await estimate('model=tokens&group=vip&prompt_tokens=-1&completion_tokens=1')).status).toBe(400);
});
