import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { textStream } from '../../support/anthropic-shapes.js';
import { channel, KEY, price, startWorld, type World } from '../../support/relay-world.js';
import { startTestUpstream, stream, type TestUpstream } from '../../support/test-upstream.js';

const CACHED = { type: 'ephemeral' };

/** A request as Claude Code makes it: its headers, its query, its marks for the cache. */
const HEADERS = {
  accept: 'application/json',
  authorization: `Bearer ${KEY}`,
  'anthropic-beta':
    'claude-code-20250219,interleaved-thinking-2025-05-14,fine-grained-tool-streaming-2025-05-14,context-management-2025-06-27',
  'anthropic-dangerous-direct-browser-access': 'true',
  'anthropic-version': '2023-06-01',
  'content-type': 'application/json',
  'user-agent': 'claude-cli/2.1.0 (external, cli)',
  'x-app': 'cli',
  'x-stainless-helper-method': 'stream',
};

const request = {
  model: 'claude-sonnet-4-6',
  messages: [
    {
      role: 'user',
      content: [
        {
          type: 'text',
          text: '<system-reminder>\nAs you answer, use the context below.\n</system-reminder>',
        },
        { type: 'text', text: 'read the README', cache_control: CACHED },
      ],
    },
    {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'The file first.', signature: 'EqQBCkYIBxgCKkBz' },
        { type: 'tool_use', id: 'toolu_01', name: 'Read', input: { file_path: '/repo/README.md' } },
      ],
    },
    {
      role: 'user',
      content: [
        {
          tool_use_id: 'toolu_01',
          type: 'tool_result',
          content: '     1→# Counterfoil',
          cache_control: CACHED,
        },
      ],
    },
  ],
  temperature: 1,
  system: [
    {
      type: 'text',
      text: "You are Claude Code, Anthropic's official CLI for Claude.",
      cache_control: CACHED,
    },
    { type: 'text', text: 'You are an interactive CLI tool that helps users.', cache_control: CACHED },
  ],
  tools: [
    {
      name: 'Read',
      description: 'Reads a file from the local filesystem.',
      input_schema: {
        type: 'object',
        properties: {
          file_path: { type: 'string', description: 'The absolute path' },
          limit: { type: 'number' },
        },
        required: ['file_path'],
        additionalProperties: false,
        $schema: 'http://json-schema.org/draft-07/schema#',
      },
    },
    { type: 'web_search_20250305', name: 'web_search', max_uses: 8 },
  ],
  metadata: {
    user_id:
      'user_0f1e2d_account_6f1c1d2e-0000-4000-8000-000000000001_session_9a8b7c6d-0000-4000-8000-000000000002',
  },
  max_tokens: 32_000,
  thinking: { type: 'enabled', budget_tokens: 31_999 },
  context_management: { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] },
  stream: true,
};

describe('Claude Code through the relay', () => {
  const usage = {
    input_tokens: 4,
    cache_read_input_tokens: 15_000,
    cache_creation_input_tokens: 300,
    output_tokens: 40,
  };
  const pieces = textStream(['It ', 'says ', 'Counterfoil.'], usage);
  let upstream: TestUpstream;
  let world: World;
  beforeAll(async () => {
    upstream = await startTestUpstream(stream(pieces));
    world = await startWorld({
      channels: [channel('a', upstream.url, { type: 'anthropic', models: [request.model] })],
      prices: [
        price(request.model, { completion_ratio: '5', cache_ratio: '0.1', max_output_tokens: 64_000 }),
      ],
    });
  });
  afterAll(async () => {
    await world.close();
    await upstream.close();
  });

  const send = (path: string, body: string) =>
    fetch(`${world.url}${path}`, { method: 'POST', headers: HEADERS, body });

  it('goes on byte by byte, comes back byte by byte, and is charged as upstream reports', async () => {
    const body = JSON.stringify(request);
    const response = await send('/v1/messages?beta=true', body);
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(response.headers.get('request-id')).toBe(response.headers.get('x-request-id'));
    expect(await response.text()).toBe(pieces.join(''));
    const [seen] = upstream.seen;
    expect(seen?.raw.toString()).toBe(body);
    expect(seen?.url).toBe('/v1/messages?beta=true');
    expect(seen?.headers).toMatchObject({
      'x-api-key': 'upstream-key-a',
      'anthropic-beta': HEADERS['anthropic-beta'],
      'anthropic-version': '2023-06-01',
    });
    expect(seen?.headers['authorization']).toBeUndefined();
    // 4 + 15000 × 0.1 + 300 × 1.25 + 40 × 5
    expect(world.settlement.charges.at(-1)).toMatchObject({
      quota: 2_079n,
      basis: 'reported',
      ended: 'complete',
    });
    expect(world.settlement.charges.at(-1)?.overshoot_quota).toBe(0n);
  });
});
