import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import {
  channelOptions,
  channelSettings,
  optionDefaults,
  saidOptions,
} from '../../src/domain/channel/settings.js';
import { defaultsOf, withoutDefaults } from '../../src/domain/stored/defaults.js';

const said = { name: 'Main', base_url: 'https://api.example.com', models: ['gpt-4o'] };

describe("a channel's settings", () => {
  it('are whole with what must be said and the defaults, and the defaults change nothing', () => {
    const whole = { ...optionDefaults, ...said };
    expect(channelOptions.parse(whole)).toEqual(whole);
    expect(saidOptions.parse(said)).toEqual(whole);
    expect(saidOptions.parse(whole)).toEqual(whole);
  });

  it('are stored with each of them said, those within others too', () => {
    const whole = { ...optionDefaults, ...said };
    for (const name of Object.keys(whole)) {
      expect(channelOptions.safeParse({ ...whole, [name]: undefined }).success).toBe(false);
    }
    const drop = { ...optionDefaults.parameter_overrides, drop: undefined };
    expect(channelOptions.safeParse({ ...whole, parameter_overrides: drop }).success).toBe(false);
  });

  it.each(Object.entries(channelSettings.shape))('%s says what it is for', (_name, schema) => {
    expect(schema.meta()?.description).toMatch(/\w/);
  });

  it.each([[Number.NaN], [undefined], [new Date(0)], [{ at: Infinity }]])(
    'override parameters by JSON alone: %p is none',
    (value) => {
      const set = { ...optionDefaults.parameter_overrides, set: { user: value } };
      expect(saidOptions.safeParse({ ...said, parameter_overrides: set }).success).toBe(false);
    },
  );
});

describe('a schema without its defaults', () => {
  const schema = z.object({
    plain: z.string(),
    counted: z.int().min(1).meta({ description: 'how many' }).default(3),
    inner: z.strictObject({ list: z.array(z.string()).default(['a']) }).prefault({}),
  });

  it('wants what would have been filled in, with the same limits and words', () => {
    const whole = withoutDefaults(schema);
    const full = { plain: 'p', counted: 1, inner: { list: [] } };
    expect(whole.parse(full)).toEqual(full);
    expect(whole.safeParse({ plain: 'p' }).error?.issues.map(({ path }) => path)).toEqual([
      ['counted'],
      ['inner'],
    ]);
    expect(whole.safeParse({ ...full, inner: {} }).success).toBe(false);
    expect(whole.safeParse({ ...full, counted: 0 }).success).toBe(false);
    expect(whole.shape.counted.meta()?.description).toBe('how many');
  });

  it('fills in, apart from it, what has a default', () => {
    expect(defaultsOf(schema)).toEqual({ counted: 3, inner: { list: ['a'] } });
  });
});
