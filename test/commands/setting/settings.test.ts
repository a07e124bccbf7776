import { describe, expect, it } from '@jest/globals';
import { createCommandWorld } from '../../support/command-world.js';

const meta = { actor: 'operator:alice', requestId: 'request-1' };
const linkTo = (url: string) => ({ text: { zh: '条款', en: 'Terms' }, url });

describe('changeSetting', () => {
  it('records the value and who, and nothing when it is the value in force', async () => {
    const world = createCommandWorld();
    const change = (value: unknown) => world.commands.changeSetting({ key: 'limits', value }, meta);
    expect(await change(null)).toMatchObject({ ok: true, replayed: true });
    expect(await change({ key: { requests_per_minute: 5 }, groups: { vip: {} } })).toMatchObject({
      ok: true,
      replayed: false,
    });
    expect(await change({ groups: { vip: {} }, key: { requests_per_minute: 5 } })).toMatchObject({
      replayed: true,
    });
    expect(await change(null)).toMatchObject({ replayed: false });
    expect((await world.events('setting-changed')).map(({ data }) => data)).toEqual([
      {
        key: 'limits',
        value: { key: { requests_per_minute: 5 }, groups: { vip: {} } },
        by: 'operator:alice',
      },
      { key: 'limits', value: null, by: 'operator:alice' },
    ]);
  });

  it('keeps each setting in a stream of its own', async () => {
    const world = createCommandWorld();
    await world.commands.changeSetting({ key: 'limits', value: {} }, meta);
    await world.commands.changeSetting({ key: 'hold_policy', value: 'reject' }, meta);
    expect((await world.log()).map(({ stream }) => stream)).toEqual([
      'setting-limits',
      'setting-hold_policy',
    ]);
  });

  it.each([
    ['hold_policy', 'sometimes'],
    ['hold_policy', undefined],
    ['limits', { users: {} }],
    ['limits', { user: { requests: 1 } }],
    ['limits', { user: { requests_per_minute: -1 } }],
    ['limits', { user: { requests_per_minute: 1.5 } }],
    ['limits', { groups: { '': {} } }],
    ['portal', { name: ' ', notice: null, links: [] }],
    ['portal', { name: 'Harbour', notice: { zh: '维护' }, links: [] }],
    ['portal', { name: 'Harbour', notice: null, links: [linkTo('javascript:alert(1)')] }],
    ['portal', { name: 'Harbour', notice: null, links: [linkTo('/terms')] }],
    ['sessions', { idle_days: 15, most_days: 60, operator_idle_minutes: 30, operator_most_hours: 12 }],
    ['sessions', { idle_days: 0, most_days: 60, operator_idle_minutes: 30, operator_most_hours: 12 }],
  ] as const)('refuses %s %j', async (key, value) => {
    const world = createCommandWorld();
    expect(await world.commands.changeSetting({ key, value }, meta)).toMatchObject({
      refusal: { code: 'setting_invalid' },
    });
    expect(await world.log()).toHaveLength(0);
  });
});
