import { describe, expect, it } from '@jest/globals';
import { type Change, historyOf } from '../../../src/books/audit/history.js';
import { accountIdOf } from '../../../src/commands/handling/identifiers.js';
import { opened } from '../../../src/support/opened.js';
import { plainChannel } from '../../support/channel.js';
import { createCommandWorld } from '../../support/command-world.js';
import { price } from '../../http/support/catalogue.js';

const by = (name: string) => ({ actor: `operator:${name}`, requestId: `request of ${name}` });
const told = (changes: readonly Change[]) =>
  changes.map(({ by: who, before, after }) => ({ who, before, after }));

describe('the history of a thing', () => {
  it('tells of a user who changed what, from what to what, with who may be told', async () => {
    const world = createCommandWorld();
    const [externalUserId, groups] = ['u', ['default', 'vip'].map((name) => ({ name, ratio: '1' }))];
    await world.commands.publishPriceList({ prices: [], groups }, by('setup'));
    await world.commands.syncAccount(
      { externalUserId, username: 'ann', email: 'ann@example.com' },
      by('shop'),
    );
    await world.commands.changeAccountGroup({ externalUserId, group: 'vip' }, by('ben'));
    await world.commands.syncAccount({ externalUserId, username: 'anna' }, by('shop'));
    await world.commands.suspendAccount({ externalUserId, reason: 'x' }, by('cat'));
    const changes = await historyOf(world.store, 'user', accountIdOf(externalUserId));
    const readable = await opened(world.dependencies.vault.openTexts, changes);
    expect(readable[0]?.after).toMatchObject({ username: 'ann', group: 'default', suspended: 'false' });
    expect(JSON.stringify(told(readable))).not.toContain('ann@example.com');
    expect(told(readable).slice(1)).toEqual([
      { who: 'operator:ben', before: { group: 'default' }, after: { group: 'vip' } },
      { who: 'operator:shop', before: { username: 'ann' }, after: { username: 'anna' } },
      {
        who: 'operator:cat',
        before: { suspended: 'false' },
        after: { suspended: 'true', suspendedBy: 'operator:cat' },
      },
    ]);
    expect(readable[1]).toMatchObject({ request_id: 'request of ben', event: 'account-group-changed.v1' });
  });

  it('tells of a channel that a secret is another one, and not which', async () => {
    const world = createCommandWorld();
    const configure = (secret: string, base_url: string) =>
      world.commands.configureChannel(
        {
          channelId: 'main',
          settings: { name: 'Main', base_url, models: ['m'], ...plainChannel },
          keys: [{ secret }],
          enabled: true,
        },
        by('ann'),
      );
    await configure('secret one', 'https://one.example.com');
    await configure('secret two', 'https://two.example.com');
    const changes = await historyOf(world.store, 'channel', 'main');
    const { before, after } = changes.at(-1) as Change;
    expect(before['settings.base_url']).toBe('https://one.example.com');
    expect(after['settings.base_url']).toBe('https://two.example.com');
    expect(Object.keys(after).some((name) => /^settings\.keys\.\w+\.sealed$/.test(name))).toBe(true);
    expect(JSON.stringify(told(changes))).not.toMatch(/secret (one|two)/);
  });

  it('tells of a price list the models that changed, and of a setting its default', async () => {
    const world = createCommandWorld();
    const groups = [{ name: 'default', ratio: '1' }];
    const publish = (...prices: ReturnType<typeof price>[]) =>
      world.commands.publishPriceList({ prices, groups }, by('ann'));
    await publish(price('a', '1', '1'), price('b', '2', '1'));
    await publish(price('a', '1', '1'), price('b', '3', '1'));
    const [, second] = await historyOf(world.store, 'prices', '');
    expect([second?.before, second?.after]).toEqual([
      { version: '1', 'prices.b.model_ratio': '2' },
      { version: '2', 'prices.b.model_ratio': '3' },
    ]);
    await world.commands.changeSetting({ key: 'hold_policy', value: 'reject' }, by('ben'));
    expect(told(await historyOf(world.store, 'setting', 'hold_policy'))).toEqual([
      { who: 'operator:ben', before: { value: 'null' }, after: { value: 'reject' } },
    ]);
  });

  it('of what nobody knows there is none', async () => {
    const world = createCommandWorld();
    await expect(historyOf(world.store, 'operator', 'nobody')).rejects.toMatchObject({
      code: 'figure_not_found',
    });
  });
});
