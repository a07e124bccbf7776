import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Commands } from '../../src/commands/commands.js';
import { checked, LedgerUnavailable } from '../../src/commands/handling/command.js';
import { applyBootstrap, parseBootstrap, readBootstrapFile } from '../../src/compose/bootstrap.js';
import { createCommandWorld } from '../support/command-world.js';

const channel = {
  name: 'Main',
  base_url: 'https://api.example.com/v1',
  api_key: 'upstream-key',
  models: ['gpt-4o'],
};
const parseObject = (content: object) => parseBootstrap(JSON.stringify(content));

const noted = () => undefined;

type Applied = Pick<Commands, 'publishPriceList' | 'configureChannel'>;
function recordingCommands(answers: Partial<Applied> = {}) {
  const calls: unknown[] = [];
  const commands: Applied = {
    publishPriceList: checked(async (input, meta) => {
      calls.push({ input, meta });
      return { ok: true, value: { version: 1 }, position: 7n, replayed: false };
    }),
    configureChannel: checked(async (input, meta) => {
      calls.push({ input, meta });
      return { ok: true, value: { channelId: input.channelId }, position: 5n, replayed: false };
    }),
    ...answers,
  };
  return { commands, calls };
}

describe('a bootstrap file', () => {
  it('takes ratios as numbers or decimal text, and fills in what is left out', () => {
    const { prices, groups } = parseObject({
      prices: [
        { model: 'deepseek-chat', model_ratio: 0.135, completion_ratio: '4', max_output_tokens: 8192 },
        { model: 'image', per_call_usd: 0.02 },
        { model: 'tiny', model_ratio: 1e-7 },
        { model: 'free', model_ratio: 0 },
      ],
      groups: [{ name: 'default' }, { name: 'vip', ratio: 0.5 }],
    });
    const defaults = { completion_ratio: '1', cache_ratio: '1', cache_write_ratio: '1', per_call_usd: null };
    expect(prices).toEqual([
      {
        ...defaults,
        model: 'deepseek-chat',
        model_ratio: '0.135',
        completion_ratio: '4',
        max_output_tokens: 8192,
      },
      { ...defaults, model: 'image', model_ratio: '0', per_call_usd: '0.02', max_output_tokens: 16_384 },
      { ...defaults, model: 'tiny', model_ratio: '0.0000001', max_output_tokens: 16_384 },
      { ...defaults, model: 'free', model_ratio: '0', max_output_tokens: 16_384 },
    ]);
    expect(groups).toEqual([
      { name: 'default', ratio: '1' },
      { name: 'vip', ratio: '0.5' },
    ]);
  });

  it.each([
    ['a list', ['default', 'vip']],
    ['text with commas', 'default, vip'],
  ])('takes the groups of a channel as %s', (_form, group) => {
    const groups = [{ name: 'default' }, { name: 'vip' }];
    expect(parseObject({ groups, channels: [{ ...channel, group }] }).channels).toMatchObject([
      { id: 'main', group: ['default', 'vip'], priority: 0, weight: 1, enabled: true, test_model: null },
    ]);
  });

  it('takes several keys, overrides, limits and a proxy of a channel of any type', () => {
    const azure = {
      name: 'Azure',
      type: 'azure-openai',
      base_url: 'https://resource.openai.azure.com',
      api_keys: ['one', 'two'],
      api_version: '2024-10-21',
      models: 'gpt-4*',
      max_concurrency: 10,
      max_calls_per_minute: 600,
      health_check_interval_seconds: 60,
      parameter_overrides: { set: { user: 'relay' } },
      header_overrides: { 'X-Title': 'counterfoil' },
      proxy_url: 'http://user:password@proxy.example.com:3128',
    };
    expect(parseObject({ channels: [azure] }).channels).toMatchObject([
      {
        id: 'azure',
        type: 'azure-openai',
        secrets: ['one', 'two'],
        models: ['gpt-4*'],
        parameter_overrides: { drop: [], default: {}, set: { user: 'relay' } },
        header_overrides: { 'x-title': 'counterfoil' },
      },
    ]);
    const keyless = { ...azure, api_keys: undefined };
    for (const faulty of [keyless, { ...azure, api_key: 'three' }])
      expect(() => parseObject({ channels: [faulty] })).toThrow(/channels\[1\]: needs an api_key or a list/);
  });

  it('reads YAML and JSON alike, and an empty file as saying nothing', () => {
    const yaml =
      'channels:\n  - name: Main\n    base_url: https://api.example.com/v1\n    api_key: k\n    models: a,b\n';
    expect(parseBootstrap(yaml).channels).toMatchObject([{ id: 'main', models: ['a', 'b'] }]);
    expect(parseBootstrap('')).toEqual({
      prices: [],
      groups: [{ name: 'default', ratio: '1' }],
      channels: [],
    });
  });

  it('gives every name an id that stays', () => {
    const ids = ['OpenAI (EU)', '主渠道', '备用', '---'].map(
      (name) => parseObject({ channels: [{ ...channel, name }] }).channels[0]?.id,
    );
    expect(ids[0]).toBe('openai-eu');
    expect(new Set(ids).size).toBe(4);
    for (const id of ids) expect(id).toMatch(/^[a-z0-9][a-z0-9-]{0,62}$/);
  });

  it('names all faults at once and never a value', () => {
    const faulty = {
      prices: [
        { model: 'a', model_ratio: -1 },
        { model: 'b' },
        { model: 'c', model_ratio: 1, complete_ratio: 2 },
        { model: 'd', model_ratio: 1, max_output_tokens: 0 },
      ],
      groups: [{ name: 'vip', ratio: 'half' }],
      channels: [{ ...channel, base_url: 'ftp://x', api_key: 'sk-secret-value', colour: 'red' }],
    };
    const read = () => parseObject(faulty);
    expect(read).toThrow(/prices\[1\]\.model_ratio/);
    expect(read).toThrow(/prices\[2\]: needs a model_ratio, a per_call_usd, or the price of a unit/);
    expect(read).toThrow(/prices\[3\]: .*complete_ratio/);
    expect(read).toThrow(/prices\[4\]\.max_output_tokens/);
    expect(read).toThrow(/groups\[1\]\.ratio/);
    expect(read).toThrow(/channels\[1\]\.base_url/);
    expect(read).not.toThrow(/sk-secret-value/);
  });

  it('refuses what contradicts itself', () => {
    const price = { model: 'a', model_ratio: 1 };
    const read = () =>
      parseObject({
        prices: [price, price],
        groups: [{ name: 'vip' }],
        channels: [{ ...channel, group: 'gold' }, channel],
      });
    expect(read).toThrow(/prices\[2\]\.model: is listed twice/);
    expect(read).toThrow(/groups: the group "default"/);
    expect(read).toThrow(/channels\[1\]\.group: no such group is listed: gold/);
    expect(read).toThrow(/channels\[2\]\.name: is listed twice/);
  });

  it.each(['{"prices": [', 'a: b: c: d', '[1,2]', '"text"', '&a [*a, *a'])('refuses %s', (text) => {
    expect(() => parseBootstrap(text)).toThrow(/bootstrap file/);
  });

  it('says that a file is absent without naming its folder', async () => {
    await expect(readBootstrapFile('/nowhere/prices.yaml')).rejects.toThrow(
      'BOOTSTRAP_FILE cannot be read (ENOENT)',
    );
    const folder = await mkdtemp(join(tmpdir(), 'counterfoil-bootstrap-'));
    const path = join(folder, 'large.yaml');
    await writeFile(path, Buffer.alloc(4 * 1024 * 1024 + 1, 0x20));
    await expect(readBootstrapFile(path)).rejects.toThrow('larger than');
    await rm(folder, { recursive: true });
  });

  it('is applied as commands of `bootstrap`, and answers the position to wait for', async () => {
    const { commands, calls } = recordingCommands();
    const bootstrap = parseObject({ prices: [{ model: 'gpt-4o', model_ratio: 1.25 }], channels: [channel] });
    expect(await applyBootstrap(bootstrap, commands, noted)).toBe(7n);
    expect(calls).toMatchObject([
      { input: { groups: [{ name: 'default', ratio: '1' }] }, meta: { actor: 'bootstrap' } },
      {
        input: {
          channelId: 'main',
          keys: [{ secret: 'upstream-key' }],
          proxyUrl: null,
          enabled: true,
          settings: {
            name: 'Main',
            type: 'openai',
            base_url: 'https://api.example.com/v1',
            models: ['gpt-4o'],
            model_mapping: {},
            groups: ['default'],
            priority: 0,
            weight: 1,
            test_model: null,
          },
        },
      },
    ]);
    expect(await applyBootstrap(parseBootstrap(''), commands, noted)).toBeUndefined();
    expect(calls).toHaveLength(2);
  });

  it('leaves prices in force that were published since, until it says something else itself', async () => {
    const world = createCommandWorld();
    const withRatio = (ratio: number) =>
      parseObject({ prices: [{ model: 'gpt-4o', model_ratio: ratio }], channels: [channel] });
    const kept: number[] = [];
    const start = (ratio: number) =>
      applyBootstrap(withRatio(ratio), world.commands, (version) => kept.push(version));
    const publish = async (ratio: number) => {
      const { prices, groups } = withRatio(ratio);
      await world.commands.publishPriceList({ prices, groups }, { actor: 'operator:alice', requestId: 'r' });
    };
    const inForce = async () => {
      const lists = await world.events('price-list-published');
      const { data } = lists.at(-1) as { data: { version: number; prices: { model_ratio: string }[] } };
      return [data.version, data.prices[0]?.model_ratio];
    };
    await start(1);
    await start(1);
    expect([await inForce(), kept]).toEqual([[1, '1'], []]);
    await publish(2);
    // Many more than are read at once.
    for (let version = 3; version <= 45; version++) await publish(version);
    const position = await start(1);
    expect([await inForce(), kept]).toEqual([[45, '45'], [45]]);
    expect(position).toBeGreaterThan(0n);
    await start(1.5);
    expect([await inForce(), kept]).toEqual([[46, '1.5'], [45]]);
    await publish(1);
    await start(1.5);
    expect([await inForce(), kept]).toEqual([
      [47, '1'],
      [45, 47],
    ]);
    // In force already, whoever said it.
    await start(1);
    expect([await inForce(), kept.length]).toEqual([[47, '1'], 2]);
  });

  it('is refused loudly when the domain refuses it, and may be tried again when the ledger is away', async () => {
    const bootstrap = parseObject({ prices: [{ model: 'gpt-4o', model_ratio: 1.25 }] });
    const refusing = recordingCommands({
      publishPriceList: checked(async () => ({
        ok: false,
        refusal: { code: 'price_list_invalid', detail: 'too long' },
      })),
    });
    await expect(applyBootstrap(bootstrap, refusing.commands, noted)).rejects.toThrow(
      "the bootstrap file's prices is refused (price_list_invalid): too long",
    );
    const away = recordingCommands({
      publishPriceList: checked(() => Promise.reject(new LedgerUnavailable('away'))),
    });
    await expect(applyBootstrap(bootstrap, away.commands, noted)).rejects.toThrow(LedgerUnavailable);
  });

  it('ships as a sample that can be used as it is', async () => {
    const { prices, groups, channels } = await readBootstrapFile('samples/bootstrap.yaml');
    const ratioOf = (name: string) => prices.find(({ model }) => model === name)?.model_ratio;
    expect(ratioOf('deepseek-chat')).toBe('0.135');
    expect(ratioOf('qwen-turbo')).toBe('0.8572');
    expect(ratioOf('gpt-4o')).toBe('1.25');
    expect(ratioOf('gpt-3.5-turbo')).toBe('0.25');
    expect(ratioOf('gpt-4')).toBe('15');
    expect(groups.map(({ name }) => name)).toContain('default');
    for (const { models } of channels)
      for (const model of models) expect(prices.map((price) => price.model)).toContain(model);
  });
});
