import { describe, expect, it } from '@jest/globals';
import type { Price } from '../../../src/domain/pricing/price.js';
import { boundOf } from '../../../src/relay/call/call-bound.js';
import { runsOf as messageRuns } from '../../../src/relay/dialects/anthropic/messages/runs.js';
import { MessageStream } from '../../../src/relay/dialects/anthropic/messages/stream.js';
import { searchesOf as groundingSearches } from '../../../src/relay/dialects/gemini/generate/searches.js';
import { GeminiStream } from '../../../src/relay/dialects/gemini/generate/stream.js';
import { searchesOf as chatSearches } from '../../../src/relay/dialects/openai/chat/searches.js';
import { ChoicesStream } from '../../../src/relay/dialects/openai/chat/stream.js';
import { chatOutputText } from '../../../src/relay/dialects/openai/chat/texts.js';
import { ResponseStream } from '../../../src/relay/dialects/openai/responses/stream.js';
import { toolRuns } from '../../../src/relay/dialects/openai/responses/tool-items.js';
import { SseUnits } from '../../../src/relay/dialects/sse/sse-units.js';

const frame = (payload: object) => Buffer.from(`data: ${JSON.stringify(payload)}\n\n`);
const search = (id: string, type = 'search') => ({ id, type: 'web_search_call', action: { type } });

describe('what upstream ran, of a response', () => {
  const output = [search('a'), search('b', 'open_page'), search('c', 'find_in_page')];

  it('is each search, and no page that was opened or searched through', () => {
    expect(toolRuns({ output })).toMatchObject({ searches: 1 });
    expect(toolRuns({ output: [search('a'), search('b')] })).toMatchObject({ searches: 2 });
    // Some upstreams give every item the same id.
    expect(toolRuns({ output: [search('a'), search('a')] })).toMatchObject({ searches: 2 });
    expect(toolRuns({ output: [{ type: 'web_search_call', id: 'a' }] })).toMatchObject({ searches: 1 });
  });

  it('is searches in files, containers and pictures by their own units', () => {
    const code = (id: string, container_id: string) => ({ id, type: 'code_interpreter_call', container_id });
    const items = [code('a', 'c1'), code('b', 'c1'), code('c', 'c2'), { id: 'd', type: 'file_search_call' }];
    const picture = { id: 'e', type: 'image_generation_call', status: 'completed' };
    expect(toolRuns({ output: [...items, picture] })).toEqual({
      searches: 0,
      file_searches: 1,
      code_sessions: 2,
      images: 1,
    });
  });

  it('is what the usage says where that is more', () => {
    const server_side_tool_usage_details = {
      web_search_calls: 2,
      x_search_calls: 1,
      code_interpreter_calls: 0,
    };
    const usage = { input_tokens: 100, output_tokens: 10, server_side_tool_usage_details };
    expect(toolRuns({ output: [], usage })).toMatchObject({ searches: 3 });
    expect(toolRuns({ output, usage: { input_tokens: 100 } })).toMatchObject({ searches: 1 });
  });

  it('is the searches that are billed where upstream says so, whole and streamed', () => {
    const tool_usage = { image_gen: { total_tokens: 0 }, web_search: { num_requests: 1 } };
    const three = [search('a'), search('b'), search('c')];
    expect(toolRuns({ output: three, tool_usage })).toMatchObject({ searches: 1 });
    const none = { ...tool_usage, web_search: { num_requests: 0 } };
    expect(toolRuns({ output: three, tool_usage: none })).toMatchObject({ searches: 3 });
    const stream = new ResponseStream();
    for (const [index, item] of three.entries())
      stream.push(frame({ type: 'response.output_item.done', output_index: index, item }));
    const usage = { input_tokens: 100, output_tokens: 10, total_tokens: 110 };
    stream.push(frame({ type: 'response.completed', response: { output: [], usage, tool_usage } }));
    expect(stream.runs).toMatchObject({ searches: 1 });
  });

  it.each([
    ['empty', []],
    ['whole', output],
  ])('is found once in a stream whose end has an output that is %s', (_what, last) => {
    const stream = new ResponseStream();
    for (const [index, item] of output.entries())
      stream.push(frame({ type: 'response.output_item.done', output_index: index, item }));
    expect(stream.runs).toMatchObject({ searches: 1 });
    const usage = { input_tokens: 100, output_tokens: 10, total_tokens: 110 };
    stream.push(frame({ type: 'response.completed', response: { output: last, usage } }));
    expect(stream.runs).toMatchObject({ searches: 1 });
    expect(stream.usage).toMatchObject({ prompt_tokens: 100, completion_tokens: 10 });
  });
});

describe('searches of a whole message', () => {
  const found = {
    type: 'web_search_tool_result',
    tool_use_id: 's',
    content: [{ type: 'web_search_result' }],
  };
  const failed = {
    ...found,
    content: { type: 'web_search_tool_result_error', error_code: 'max_uses_exceeded' },
  };

  it('are its results where its usage does not count them; what failed is none', () => {
    expect(messageRuns({ content: [found, failed] })).toMatchObject({ searches: 1, code_sessions: 0 });
    expect(messageRuns({ content: [], container: { id: 'c' } })).toMatchObject({ code_sessions: 1 });
  });
});

describe('searches of other dialects', () => {
  const grounded = (metadata: object) => ({
    candidates: [{ index: 0, content: { parts: [{ text: 'x' }] }, groundingMetadata: metadata }],
  });

  it('are the distinct queries of Gemini, whole and over all of a stream', () => {
    const webSearchQueries = ['price of bread', 'price of milk', 'price of bread'];
    expect(groundingSearches(grounded({ webSearchQueries }))).toBe(2);
    expect(groundingSearches(grounded({ groundingChunks: [{ web: { uri: 'x' } }] }))).toBe(1);
    expect(groundingSearches(grounded({}))).toBe(0);
    const stream = new GeminiStream(new SseUnits(), 1);
    stream.push(frame(grounded({ webSearchQueries: ['a', 'b'] })));
    stream.push(frame(grounded({ webSearchQueries: ['b', 'c'] })));
    expect(stream.runs).toEqual({ searches: 3 });
  });

  it('are what a chat says of them, or one where it cites pages', () => {
    const message = { content: 'x', annotations: [{ type: 'url_citation' }, { type: 'url_citation' }] };
    expect(chatSearches({ choices: [{ message }] })).toBe(1);
    expect(chatSearches({ choices: [{ message: { content: 'x' } }] })).toBe(0);
    expect(chatSearches({ usage: { num_search_queries: 3 }, citations: ['x'], choices: [] })).toBe(3);
    expect(chatSearches({ usage: { server_tool_use: { web_search_requests: 2 } } })).toBe(2);
  });

  it.each([
    ['annotations', { choices: [{ index: 0, delta: { annotations: [{ type: 'url_citation' }] } }] }],
    ['citations', { citations: ['x'], choices: [{ index: 0, delta: { content: 'y' } }] }],
    ['search_results', { search_results: [{ url: 'x' }], choices: [{ index: 0, delta: { content: 'y' } }] }],
  ])('are one in a stream of a chat that cites pages in %s of any chunk', (_where, chunk) => {
    const stream = new ChoicesStream({ choices: 1, hideUsage: true, searches: true, textOf: chatOutputText });
    stream.push(frame(chunk));
    stream.push(frame({ choices: [{ index: 0, delta: { content: 'x' } }] }));
    stream.push(frame(chunk));
    expect(stream.runs).toEqual({ searches: 1 });
  });

  it('are the results in a stream of Anthropic that does not get to report them', () => {
    const result = (content: unknown) => ({
      type: 'content_block_start',
      content_block: { type: 'web_search_tool_result', content },
    });
    const stream = new MessageStream();
    stream.push(frame(result([{ type: 'web_search_result' }])));
    stream.push(frame(result({ type: 'web_search_tool_result_error' })));
    expect(stream.runs).toMatchObject({ searches: 1 });
  });
});

describe('the hold of a request', () => {
  const price = { model: 'm', context_window: 1_000 } as Price;
  const request = { model: 'm', promptTokens: 400, outputLimit: 5, choices: 1 };
  const asks = (allowance: 'searches' | 'code' | 'routing') => ({
    needs: [{ member: 'x', allowance }],
    models: [],
    references: [],
  });

  it('takes in what cannot be seen, within the window', () => {
    expect(boundOf(request, price, 500)).toMatchObject({ promptTokens: 400 });
    const reading = { ...request, asks: { needs: [], models: [], references: [], readsMore: true } };
    expect(boundOf(reading, price, 500)).toMatchObject({ promptTokens: 900 });
    expect(boundOf(reading, price, 5_000)).toMatchObject({ promptTokens: 1_000 });
    const earlier = { needs: [], models: [], references: [{ member: 'previous_response_id', id: 'r' }] };
    expect(boundOf({ ...request, asks: earlier }, price, 500)).toMatchObject({ promptTokens: 900 });
  });

  it('has runs for the tools that were asked for, unless they are bounded', () => {
    expect(boundOf({ ...request, asks: asks('searches') }, price, 500)).toMatchObject({ searches: 10 });
    const bounded = { ...request, asks: asks('searches'), units: { searches: 3 } };
    expect(boundOf(bounded, price, 500)).toMatchObject({ searches: 3, promptTokens: 900 });
    expect(boundOf({ ...request, asks: asks('code') }, price, 500)).toMatchObject({ codeSessions: 1 });
    expect(boundOf({ ...request, asks: asks('routing') }, price, 500)).toMatchObject({ promptTokens: 400 });
  });
});
