import { describe, expect, it } from '@jest/globals';
import { protocolNames } from '../../../../../src/domain/channel/protocols.js';
import { parseMessages } from '../../../../../src/relay/dialects/anthropic/messages/request.js';
import type { CallRequest, SpokenCall } from '../../../../../src/relay/dialects/call-request.js';
import type { RequestFacts } from '../../../../../src/relay/dialects/request-facts.js';

const facts = (headers: Record<string, string> = {}, query = ''): RequestFacts => ({
  parameters: {},
  headers,
  query: new URLSearchParams(query),
});
const HELLO = { model: 'claude', max_tokens: 100, messages: [{ role: 'user', content: 'hello' }] };
const parse = (body: object, asked = facts()) => parseMessages(Buffer.from(JSON.stringify(body)), asked);
const forwarded = (request: CallRequest, model: string, limit?: number) =>
  (request.spoken('messages') as SpokenCall<Buffer>).forward(model, limit);
const tokensOf = (content: unknown, more: object = {}) =>
  parse({ ...HELLO, messages: [{ role: 'user', content }], ...more }).promptTokens;
const refusal = (body: object) => {
  try {
    parse(body);
  } catch (error) {
    return (error as { refusal: { code: string; message: string } }).refusal;
  }
  throw new Error('not refused');
};

describe('a messages request', () => {
  it('is spoken in its own protocol alone', () => {
    expect(protocolNames.filter((protocol) => parse(HELLO).spoken(protocol))).toEqual(['messages']);
  });

  it('may search as often as tools let it that are listed or that a turn brings', () => {
    const tool = (max_uses: number) => ({ type: 'web_search_20260318', name: 'web_search', max_uses });
    const block = {
      type: 'tool_addition',
      tool: { type: 'tool_definition', definition: tool(7) },
    };
    const summary = { type: 'compaction', content: 'so far', tool_changes: [block] };
    const turn = (content: unknown) => ({ messages: [{ role: 'user', content }] });
    expect(parse({ ...HELLO, tools: [tool(3)] }).units).toMatchObject({ searches: 3 });
    expect(parse({ ...HELLO, ...turn([block]), tools: [tool(3)] }).units).toMatchObject({ searches: 10 });
    expect(parse({ ...HELLO, ...turn([summary]) }).units).toMatchObject({ searches: 7 });
    expect(refusal({ ...HELLO, ...turn([{ ...block, tool: 5 }]) }).code).toBe('invalid_request');
  });

  it('goes on with its own bytes but for the model and a lowered limit', () => {
    const body =
      '{ "max_tokens" : 100 , "model":"claude", "x":[1,{"model":"y"}],"messages":[{"role":"user","content":"hi"}] }';
    const request = parseMessages(Buffer.from(body), facts());
    expect(forwarded(request, 'claude').body.toString()).toBe(body);
    expect(forwarded(request, 'claude-4', 17).body.toString()).toBe(
      body.replace('"claude"', '"claude-4"').replace('100', '17'),
    );
  });

  it('passes the version, the trials that are known and the beta query, a version where there is none, and nothing else', () => {
    const headers = {
      'anthropic-version': '2026-10-21',
      'anthropic-beta': 'skills-2025-10-02,a-trial-2026-01-01, oauth-2025-04-20,files-api-2027-01-01',
      'x-api-key': 'sk-secret',
      'x-stainless-lang': 'js',
    };
    const given = forwarded(parse(HELLO, facts(headers, 'beta=true&key=sk-secret')), 'claude');
    expect(given.headers).toEqual({
      'anthropic-version': '2026-10-21',
      'anthropic-beta': 'skills-2025-10-02,files-api-2027-01-01',
    });
    expect(given).toMatchObject({ path: '/messages', query: '?beta=true' });
    const bare = forwarded(parse(HELLO), 'claude');
    expect(bare.headers).toEqual({ 'anthropic-version': '2023-06-01' });
    expect(bare.query).toBe('');
  });

  it('refuses what upstream would refuse, naming the member', () => {
    expect(refusal({ ...HELLO, max_tokens: undefined }).message).toMatch(/^max_tokens: /);
    expect(refusal({ ...HELLO, max_tokens: -1 }).message).toMatch(/^max_tokens: /);
    expect(refusal({ ...HELLO, messages: [] }).message).toMatch(/^messages: /);
    expect(refusal({ ...HELLO, model: '' }).message).toMatch(/^model: /);
    expect(parse({ ...HELLO, max_tokens: 0 }).outputLimit).toBe(0);
  });

  it('asks for what upstream bills at a price nobody here knows', () => {
    const needs = (body: object) => parse({ ...HELLO, ...body }).asks?.needs;
    expect(needs({ speed: 'fast' })).toEqual([{ member: 'speed', allowance: 'service_tier' }]);
    expect(needs({ inference_geo: 'us' })).toEqual([{ member: 'inference_geo', allowance: 'inference_geo' }]);
    expect(needs({ speed: 'standard', inference_geo: 'global' })).toBeUndefined();
  });

  it('refuses a deciding member that is there twice or spelled otherwise', () => {
    const twice = '{"model":"a","max_tokens":1,"max_tokens":9,"messages":[{"role":"user","content":"x"}]}';
    expect(() => parseMessages(Buffer.from(twice), facts())).toThrow('invalid_request');
    expect(refusal({ ...HELLO, Max_Tokens: 5 }).code).toBe('invalid_request');
  });

  it('estimates system, tools and tool results like text, from above', () => {
    const long = 'Balance, in accounting, is everything; hence we proceed. '.repeat(50);
    const plain = tokensOf('hi');
    expect(tokensOf('hi', { system: long })).toBeGreaterThan(plain + 600);
    expect(
      tokensOf('hi', { system: [{ type: 'text', text: long, cache_control: { type: 'ephemeral' } }] }),
    ).toBeGreaterThan(plain + 600);
    expect(
      tokensOf([{ type: 'tool_result', tool_use_id: 't', content: [{ type: 'text', text: long }] }]),
    ).toBeGreaterThan(plain + 600);
    expect(tokensOf('hi', { tools: [{ name: 'w', description: long, input_schema: {} }] })).toBeGreaterThan(
      plain + 1_100,
    );
    expect(tokensOf('hi', { tools: [{ type: 'web_search_20250305', name: 'web_search' }] })).toBeGreaterThan(
      plain + 1_900,
    );
    expect(
      tokensOf([{ type: 'document', source: { type: 'text', media_type: 'text/plain', data: long } }]),
    ).toBeGreaterThan(plain + 600);
    expect(tokensOf([{ type: 'thinking', thinking: long, signature: 'x' }])).toBeGreaterThan(plain + 600);
  });

  it('takes pictures and documents by figures and size, never as the text of their base64', () => {
    const data = 'A'.repeat(1_000_000);
    const picture = tokensOf([{ type: 'image', source: { type: 'base64', media_type: 'image/png', data } }]);
    expect(picture).toBeGreaterThan(4_000);
    expect(picture).toBeLessThan(7_000);
    const linked = tokensOf([{ type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } }]);
    expect(linked).toBeLessThan(7_000);
    const pdf = tokensOf([
      { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data } },
    ]);
    expect(pdf).toBeGreaterThan(100_000);
    expect(pdf).toBeLessThan(200_000);
    expect(tokensOf([{ type: 'thinking', thinking: '', signature: data }])).toBeLessThan(100);
  });

  it('refuses a body that nests deeper than any real one', () => {
    let schema: object = {};
    for (let depth = 0; depth < 100; depth++) schema = { properties: { a: schema } };
    expect(refusal({ ...HELLO, tools: [{ name: 'w', input_schema: schema }] }).message).toMatch(/deep/);
  });

  it('gives the words of the prompt for counting, without media and marks', () => {
    const words = parse({
      ...HELLO,
      system: [{ type: 'text', text: 'be brief', cache_control: { type: 'ephemeral' } }],
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'what is it?' },
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'QUJD' } },
          ],
        },
      ],
    }).promptText();
    expect(String(words).split('\n')).toEqual(['be brief', 'user', 'what is it?']);
  });
});
