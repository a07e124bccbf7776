import { describe, expect, it } from '@jest/globals';
import type { ChannelSettings, ChannelType } from '../../../src/domain/channel/settings.js';
import { upstreamTypes } from '../../../src/relay/upstreams/all.js';
import { callAddress } from '../../../src/relay/upstreams/call-address.js';
import { plainChannel } from '../../support/channel.js';

const HOST = 'https://up.example';
const settingsOf = (
  type: ChannelType,
  path: string,
  more: Partial<ChannelSettings> = {},
): ChannelSettings => ({
  ...plainChannel,
  name: 'one',
  type,
  base_url: HOST + path,
  keys: [{ id: 'key-1', sealed: { key_id: 'master', box: '' }, disabled: null }],
  models: ['m-*', 'm'],
  ...more,
});

const dated = { api_version: '2024-10-21' };

describe('the address of a channel', () => {
  it.each<[ChannelType, string, string, Partial<ChannelSettings>?]>([
    ['openai', '', '/v1/chat/completions'],
    ['openai', '/', '/v1/chat/completions'],
    ['openai', '/v1/', '/v1/chat/completions'],
    ['openai', '/api/paas/v4', '/api/paas/v4/chat/completions'],
    ['openai', '/inference', '/inference/chat/completions'],
    ['openai', '?tenant=7', '/v1/chat/completions?tenant=7'],
    // Copied whole, from documents that show a call.
    ['openai', '/v1/chat/completions', '/v1/chat/completions'],
    ['openai', '/v1/chat/completions/?tenant=7', '/v1/chat/completions?tenant=7'],
    ['openai', '/chat/completions', '/chat/completions'],
    ['openai', '/api/v3/embeddings', '/api/v3/chat/completions'],
    ['openai', '/v1/models', '/v1/chat/completions'],
    ['openai', '/models-of-ours', '/models-of-ours/chat/completions'],
    ['anthropic', '/v1/messages', '/v1/messages'],
    ['anthropic', '/anthropic/v1/messages/count_tokens', '/anthropic/v1/messages'],
    ['anthropic', '/messages', '/messages'],
    ['gemini', '/v1beta/models', '/v1beta/models/m:generateContent'],
    ['gemini', '/v1beta/models/gemini-2.5-pro:generateContent', '/v1beta/models/m:generateContent'],
    ['gemini', '/v1beta/models/x:streamGenerateContent', '/v1beta/models/m:generateContent'],
    ['gemini', '/v1/publishers/google/models', '/v1/publishers/google/models/m:generateContent'],
    ['azure-openai', '/openai/v1/responses', '/openai/v1/chat/completions'],
    ['anthropic', '', '/v1/messages'],
    ['anthropic', '/v1', '/v1/messages'],
    ['anthropic', '/anthropic', '/anthropic/v1/messages'],
    ['anthropic', '/anthropic/', '/anthropic/v1/messages'],
    ['anthropic', '/anthropic/v1/', '/anthropic/v1/messages'],
    ['anthropic', '/v1/account/gateway/anthropic?a=1', '/v1/account/gateway/anthropic/v1/messages?a=1'],
    ['gemini', '', '/v1beta/models/m:generateContent'],
    ['gemini', '/v1', '/v1/models/m:generateContent'],
    ['gemini', '/google-ai-studio', '/google-ai-studio/v1beta/models/m:generateContent'],
    ['gemini', '/google-ai-studio/v1beta', '/google-ai-studio/v1beta/models/m:generateContent'],
    ['gemini', '/v1/publishers/google', '/v1/publishers/google/models/m:generateContent'],
    ['azure-openai', '', '/openai/v1/chat/completions'],
    ['azure-openai', '/openai', '/openai/v1/chat/completions'],
    ['azure-openai', '/openai/v1', '/openai/v1/chat/completions'],
    ['azure-openai', '/gateway', '/gateway/openai/v1/chat/completions'],
    ['azure-openai', '', '/openai/deployments/m/chat/completions?api-version=2024-10-21', dated],
    ['azure-openai', '/openai/', '/openai/deployments/m/chat/completions?api-version=2024-10-21', dated],
    [
      'azure-openai',
      '/gateway',
      '/gateway/openai/deployments/m/chat/completions?api-version=2024-10-21',
      dated,
    ],
  ])('%s at %j is called at %s', async (type, path, address, more = {}) => {
    const settings = settingsOf(type, path, more);
    const shown = new URL(callAddress(settings));
    expect(shown.pathname + shown.search).toBe(address);
    const access = { channelId: 'c', keyId: 'k', settings, apiKey: 'secret', proxyCredentials: undefined };
    const request = {
      path: '/x',
      query: '?alt=sse',
      model: 'm',
      headers: undefined,
      body: Buffer.from('{}'),
    };
    const prepared = await upstreamTypes[type].prepare(access, request);
    expect(prepared).toMatchObject(upstreamTypes[type].locate(settings, request));
  });

  it('is shown for the test model, under the name it has there', () => {
    const settings = settingsOf('gemini', '', {
      test_model: 'fast',
      model_mapping: { fast: 'gemini-2.5-flash' },
    });
    expect(callAddress(settings)).toBe(`${HOST}/v1beta/models/gemini-2.5-flash:generateContent`);
  });
});
