import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { saidOptions } from '../../src/domain/channel/settings.js';

const folder = new URL('../../presets/', import.meta.url);
const said = {
  name: true,
  type: true,
  base_url: true,
  endpoints: true,
  auth: true,
  conversion: true,
} as const;
const preset = z.strictObject({
  source: z.url({ protocol: /^https$/ }),
  /** When the addresses were last seen there. */
  read_on: z.iso.date(),
  note: z.string().optional(),
  settings: saidOptions.pick(said).strict(),
});

describe.each(readdirSync(folder))('the preset %s', (file) => {
  const { settings } = preset.parse(JSON.parse(readFileSync(new URL(file, folder), 'utf8')));

  it('has whole bases, to which nothing is added, and converts to none that it has', () => {
    const { endpoints, base_url, conversion } = settings;
    expect(Object.values(endpoints)).toContain(base_url);
    for (const base of Object.values(endpoints))
      expect(base).not.toMatch(/\/$|\/(messages|chat\/completions)$/);
    // Without a version messages would be asked for where none are.
    if (endpoints.messages) expect(endpoints.messages).toMatch(/\/v1$/);
    for (const protocol of conversion.from) expect(Object.keys(endpoints)).not.toContain(protocol);
  });

  it('says of each endpoint how it is shown a key', () => {
    const named = typeof settings.auth === 'string' ? settings.endpoints : settings.auth;
    expect(Object.keys(named).sort()).toEqual(Object.keys(settings.endpoints).sort());
  });
});

/** Providers that channels have addresses for here, and what each is asked for. */
const providers: Readonly<Record<string, readonly string[]>> = {
  'azure-v1': ['chat', 'messages', 'responses'],
  'bedrock-key': ['chat', 'messages'],
  cloudflare: ['chat'],
  cohere: ['rerank'],
  deepseek: ['chat', 'messages'],
  doubao: ['chat'],
  glm: ['chat', 'messages'],
  groq: ['chat'],
  jina: ['rerank'],
  kimi: ['chat', 'messages'],
  minimax: ['chat', 'messages'],
  mistral: ['chat'],
  ollama: ['chat', 'messages'],
  openrouter: ['chat', 'messages'],
  qwen: ['chat', 'messages'],
  together: ['chat'],
  vllm: ['chat', 'messages'],
  xai: ['chat'],
};

it('there is a preset for each provider, with its endpoint for each protocol', () => {
  const found = readdirSync(folder).map((file) => {
    const { settings } = preset.parse(JSON.parse(readFileSync(new URL(file, folder), 'utf8')));
    return [file.replace(/\.json$/, ''), Object.keys(settings.endpoints).sort()] as const;
  });
  expect(Object.fromEntries(found)).toEqual(providers);
});
