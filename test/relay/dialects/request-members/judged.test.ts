import { afterEach, beforeAll, afterAll, describe, expect, it } from '@jest/globals';
import type { Allowance } from '../../../../src/domain/channel/allowances.js';
import type { Price } from '../../../../src/domain/pricing/price.js';
import { message, text } from '../../support/anthropic-shapes.js';
import { finish, usage } from '../../support/gemini-shapes.js';
import { channel, KEY, price, startWorld, type World } from '../../support/relay-world.js';
import { completion, startTestUpstream, type TestUpstream } from '../../support/test-upstream.js';

type Dialect = 'chat' | 'responses' | 'messages' | 'generate' | 'completions' | Plain;
/** Calls that are no conversation. */
type Plain = 'embeddings' | 'rerank' | 'moderations' | 'pictures' | 'speech';

/** How each endpoint is asked, and what upstream answers. */
const spoken: Readonly<
  Record<
    Dialect,
    { type: 'openai' | 'anthropic' | 'gemini'; path: string; body: object; answer: () => string }
  >
> = {
  chat: {
    type: 'openai',
    path: '/v1/chat/completions',
    body: { model: 'm', messages: [{ role: 'user', content: 'hi' }] },
    answer: () => completion('ok', { prompt_tokens: 5, completion_tokens: 1 }).toString(),
  },
  completions: {
    type: 'openai',
    path: '/v1/completions',
    body: { model: 'm', prompt: 'hi' },
    answer: () =>
      JSON.stringify({ choices: [{ text: 'ok' }], usage: { prompt_tokens: 5, completion_tokens: 1 } }),
  },
  responses: {
    type: 'openai',
    path: '/v1/responses',
    body: { model: 'm', input: 'hi' },
    answer: () => JSON.stringify({ id: 'resp_1', output: [], usage: { input_tokens: 5, output_tokens: 1 } }),
  },
  messages: {
    type: 'anthropic',
    path: '/v1/messages',
    body: { model: 'm', max_tokens: 10, messages: [{ role: 'user', content: 'hi' }] },
    answer: () => JSON.stringify(message([text('ok')], { input_tokens: 5, output_tokens: 1 })),
  },
  generate: {
    type: 'gemini',
    path: '/v1beta/models/m:generateContent',
    body: { contents: [{ role: 'user', parts: [{ text: 'hi' }] }] },
    answer: () => JSON.stringify(finish('ok', usage(5, 1))),
  },
  embeddings: {
    type: 'openai',
    path: '/v1/embeddings',
    body: { model: 'm', input: 'hi' },
    answer: () => JSON.stringify({ data: [{ embedding: [1] }], usage: { prompt_tokens: 5 } }),
  },
  rerank: {
    type: 'openai',
    path: '/v1/rerank',
    body: { model: 'm', query: 'hi', documents: ['a'] },
    answer: () => JSON.stringify({ results: [{ index: 0 }], usage: { total_tokens: 5 } }),
  },
  moderations: {
    type: 'openai',
    path: '/v1/moderations',
    body: { model: 'm', input: 'hi' },
    answer: () => JSON.stringify({ results: [{}] }),
  },
  pictures: {
    type: 'openai',
    path: '/v1/images/generations',
    body: { model: 'm', prompt: 'hi' },
    answer: () => JSON.stringify({ data: [{ b64_json: 'AA==' }] }),
  },
  speech: {
    type: 'openai',
    path: '/v1/audio/speech',
    body: { model: 'm', input: 'hi', voice: 'alloy' },
    answer: () => 'sound',
  },
};
const plain: readonly Plain[] = ['embeddings', 'rerank', 'moderations', 'pictures', 'speech'];

let upstream: TestUpstream;
let world: World | undefined;
beforeAll(async () => {
  upstream = await startTestUpstream(() => undefined);
});
afterAll(() => upstream.close());
afterEach(async () => {
  await world?.close();
  world = undefined;
});

interface Given {
  readonly allowed?: readonly Allowance[];
  readonly price?: Partial<Price>;
  readonly keyModels?: readonly string[];
  readonly models?: readonly string[];
  readonly mapping?: Record<string, string>;
}

/** A call with further members. What upstream saw of it, if it came so far. */
async function call(dialect: Dialect, members: object | string, given: Given = {}) {
  const { type, path, body, answer } = spoken[dialect];
  upstream.behave((response) => {
    response.writeHead(200, { 'content-type': dialect === 'speech' ? 'audio/mpeg' : 'application/json' });
    response.end(answer());
  });
  upstream.seen.length = 0;
  const settings = {
    type,
    models: [...(given.models ?? ['m'])],
    model_mapping: given.mapping ?? {},
    allowed_members: [...(given.allowed ?? [])],
  };
  await world?.close();
  world = await startWorld({
    channels: [channel('main', upstream.url, settings)],
    prices: [price('m', given.price), price('other'), price('secret*')],
    limits: { models: [...(given.keyModels ?? [])] },
  });
  const response = await fetch(world.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'x-api-key': KEY, 'x-goog-api-key': KEY },
    body: typeof members === 'string' ? members : JSON.stringify({ ...body, ...members }),
  });
  return { status: response.status, text: await response.text(), sent: upstream.seen[0]?.raw.toString() };
}

/** A turn that brings a tool with it. */
function bringing(definition: object, block: object = { type: 'tool_addition' }) {
  const change = { ...block, tool: { type: 'tool_definition', definition } };
  return { role: 'user', content: [{ type: 'text', text: 'hi' }, change] };
}
/** The same as a summary of earlier turns tells of it. */
function summing(definition: object) {
  const { content } = bringing(definition);
  return { role: 'user', content: [{ type: 'compaction', content: 'hi', tool_changes: content.slice(1) }] };
}

const searching: readonly [Dialect, object][] = [
  ['chat', { web_search_options: {} }],
  ['responses', { tools: [{ type: 'web_search' }] }],
  ['responses', { tools: [{ type: 'namespace', name: 'n', tools: [{ type: 'web_search_preview' }] }] }],
  [
    'responses',
    { input: [{ type: 'additional_tools', role: 'developer', tools: [{ type: 'web_search' }] }] },
  ],
  ['messages', { tools: [{ type: 'web_search_20260318', name: 'web_search' }] }],
  ['messages', { messages: [bringing({ type: 'web_search_20260318', name: 'web_search' })] }],
  ['generate', { tools: [{ googleSearch: {} }] }],
  ['generate', { tools: [{ functionDeclarations: [] }, { google_search: {} }] }],
];

describe('what has a price of its own', () => {
  it.each(searching)('in %s with %j goes on where the list has it', async (dialect, members) => {
    const { status } = await call(dialect, members, { price: { per_search_usd: '0.01' } });
    expect(status).toBe(200);
  });

  it.each<[Dialect, object, object]>([
    [
      'responses',
      { tools: [{ type: 'file_search', vector_store_ids: [] }] },
      { per_file_search_usd: '0.0025' },
    ],
    [
      'responses',
      { tools: [{ type: 'code_interpreter', container: { type: 'auto' } }] },
      { per_code_session_usd: '0.03' },
    ],
    // Its tokens stand in the usage of the answer.
    ['messages', { context_management: { edits: [{ type: 'compact_20260112' }] } }, {}],
  ])('in %s with %j goes on where the list has %j', async (dialect, members, price) => {
    expect((await call(dialect, members, { price })).status).toBe(200);
  });

  it('is not what a picture in frames, or one that another model writes, costs', async () => {
    const tools = [{ type: 'image_generation', output_format: 'svg', svg: { model: 'm' } }];
    const priced = { price: { per_image_usd: '0.04' } };
    expect((await call('responses', { tools: [{ type: 'image_generation' }] }, priced)).status).toBe(200);
    expect((await call('responses', { tools }, priced)).status).toBe(400);
    expect((await call('responses', { tools }, { ...priced, allowed: ['images'] })).status).toBe(200);
  });

  it.each(searching)('in %s with %j goes on where a call has one price', async (dialect, members) => {
    expect((await call(dialect, members, { price: { per_call_usd: '0.01' } })).status).toBe(200);
  });

  it.each(searching)('in %s with %j is refused without, and nothing is sent', async (dialect, members) => {
    const { status, text: said, sent } = await call(dialect, members);
    expect(status).toBe(400);
    expect(said).toMatch(/searches, which has no price for m here/);
    expect(sent).toBeUndefined();
    expect(await world?.held()).toBe(0n);
  });

  it.each(searching)('in %s with %j goes on where the channel allows it', async (dialect, members) => {
    expect((await call(dialect, members, { allowed: ['searches'] })).status).toBe(200);
  });
});

const atTheChannel: readonly [Dialect, object, Allowance, string][] = [
  ['chat', { service_tier: 'priority' }, 'service_tier', 'service_tier'],
  ['chat', { moderation: { policy: 'strict' } }, 'moderation', 'moderation'],
  ['chat', { plugins: [{ id: 'web' }] }, 'plugins', 'plugins'],
  ['chat', { route: 'fallback' }, 'routing', 'route'],
  ['chat', { provider: { order: ['dear'] } }, 'routing', 'provider'],
  ['chat', { enable_search: true }, 'plugins', 'enable_search'],
  ['chat', { tools: [{ type: 'new_server_tool' }] }, 'unknown_tools', 'tools'],
  ['completions', { plugins: [{ id: 'web' }] }, 'plugins', 'plugins'],
  ['responses', { service_tier: 'flex' }, 'service_tier', 'service_tier'],
  ['responses', { tools: [{ type: 'new_server_tool' }] }, 'unknown_tools', 'tools'],
  ['responses', { tools: [{ type: 'code_interpreter', container: { type: 'auto' } }] }, 'code', 'tools'],
  ['responses', { tools: [{ type: 'shell', environment: { type: 'container_auto' } }] }, 'code', 'tools'],
  ['responses', { tools: [{ type: 'file_search', vector_store_ids: [] }] }, 'file_search', 'tools'],
  [
    'responses',
    { tools: [{ type: 'image_generation', output_format: 'gif', frame_count: 50 }] },
    'images',
    'tools',
  ],
  ['responses', { service_tier: 'ultrafast' }, 'service_tier', 'service_tier'],
  ['messages', { speed: 'fast' }, 'service_tier', 'speed'],
  ['messages', { messages: [bringing({ type: 'code_execution_20260521', name: 'c' })] }, 'code', 'tools'],
  ['messages', { messages: [summing({ type: 'new_server_tool', name: 'c' })] }, 'unknown_tools', 'tools'],
  ['messages', { inference_geo: 'us' }, 'inference_geo', 'inference_geo'],
  ['messages', { tools: [{ type: 'code_execution_20260521', name: 'c' }] }, 'code', 'tools'],
  ['messages', { container: { skills: [{ type: 'anthropic', skill_id: 'pptx' }] } }, 'code', 'container'],
  ['messages', { tools: [{ type: 'web_search_29990101', name: 's' }] }, 'unknown_tools', 'tools'],
  ['messages', { fallbacks: 'default' }, 'other_models', 'fallbacks'],
  ['messages', { context_management: { edits: [{ type: 'new_edit' }] } }, 'unknown_tools', 'context'],
  ['generate', { serviceTier: 'priority' }, 'service_tier', 'serviceTier'],
  ['generate', { service_tier: 'SERVICE_TIER_FLEX' }, 'service_tier', 'serviceTier'],
  ['generate', { tools: [{ googleMaps: {} }] }, 'maps', 'tools'],
  ['generate', { tools: [{ newServerTool: {} }] }, 'unknown_tools', 'tools'],
  ['generate', { generationConfig: { routingConfig: { autoMode: {} } } }, 'routing', 'generationConfig'],
  // What services before others read in every dialect, and at every endpoint.
  ['chat', { tools: [{ googleSearch: {} }] }, 'unknown_tools', 'googleSearch'],
  ['chat', { tools: [{ type: null, web_search: { enable: true } }] }, 'plugins', 'web_search'],
  ['chat', { web_search: { enable: true } }, 'plugins', 'web_search'],
  ['chat', { compound_custom: { tools: { enabled_tools: ['web_search'] } } }, 'plugins', 'compound_custom'],
  ['responses', { enable_enhancement: true }, 'plugins', 'enable_enhancement'],
  ['messages', { tools: [{ url_context: {} }] }, 'unknown_tools', 'url_context'],
  ['messages', { plugins: [{ id: 'web' }] }, 'plugins', 'plugins'],
  ['messages', { web_search_options: {} }, 'plugins', 'web_search_options'],
  ['generate', { provider: { order: ['dear'] } }, 'routing', 'provider'],
  ['embeddings', { provider: { order: ['dear'] } }, 'routing', 'provider'],
  ['chat', { extra_body: { service_tier: 'priority' } }, 'service_tier', 'service_tier'],
  ['responses', { extra_body: { tools: [{ type: 'new_server_tool' }] } }, 'unknown_tools', 'tools'],
  ['messages', { extra_body: { extra_body: { plugins: [{ id: 'web' }] } } }, 'plugins', 'plugins'],
  ['chat', { extra_body: { Service_Tier: 'priority' } }, 'service_tier', 'service_tier'],
  ['chat', { prompt_id: 'x' }, 'routing', 'prompt_id'],
  ['chat', { enable_code_interpreter: true }, 'plugins', 'enable_code_interpreter'],
  ['rerank', { service_tier: 'priority' }, 'service_tier', 'service_tier'],
  ['pictures', { tools: [{ type: 'web_search' }] }, 'unknown_tools', 'web_search'],
  ['speech', { service_tier: 'flex' }, 'service_tier', 'service_tier'],
];

describe('what no price covers', () => {
  it.each(atTheChannel)('in %s with %j is refused, and named', async (dialect, members, _, named) => {
    const { status, text: said, sent } = await call(dialect, members);
    expect(status).toBe(400);
    expect(said).toContain(named);
    expect(sent).toBeUndefined();
  });

  it.each(atTheChannel)('in %s with %j goes on where %s is allowed', async (dialect, members, allowance) => {
    expect((await call(dialect, members, { allowed: [allowance] })).status).toBe(200);
  });
});

describe('what cannot be charged, or is not the client’s to say', () => {
  it.each<[Dialect, object, string]>([
    ['responses', { background: true }, 'background'],
    ['responses', { background_options: { completion_window: '8h' } }, 'background_options'],
    ['chat', { deferred: true }, 'deferred'],
    ['chat', { api_base: 'https://elsewhere.example.com' }, 'api_base'],
    ['chat', { best_of: 8 }, 'best_of'],
    ['chat', { extra_body: { google: { cached_content: 'cachedContents/1' } } }, 'cached_content'],
    ['embeddings', { api_base: 'https://elsewhere.example.com' }, 'api_base'],
    ['messages', { billing_policy: { type: 'billing_policy', bill_to: 'user_profile' } }, 'billing_policy'],
    ['messages', { thread: { type: 'create' } }, 'thread'],
    ['messages', { fallback_credit_token: 'x' }, 'fallback_credit_token'],
    ['messages', { context_management: [{ edits: [{ type: 'new_edit' }] }] }, 'context_management'],
    ['chat', { extra_body: { cachedContent: 'cachedContents/1' } }, 'cachedContent'],
    ['chat', { extra_body: { model: 'secret-1' } }, 'model'],
    ['responses', { extra_body: { max_output_tokens: 9 } }, 'max_output_tokens'],
    ['messages', { extra_body: { extra_body: { Model: 'secret-1' } } }, 'Model'],
    ['embeddings', { extra_body: { input: 'much more' } }, 'input'],
    ['pictures', { extra_body: { api_base: 'https://elsewhere.example.com' } }, 'api_base'],
    ['chat', { context_window_fallback_dict: { m: 'secret-1' } }, 'context_window_fallback_dict'],
    ['messages', { content_policy_fallbacks: [{ m: ['secret-1'] }] }, 'content_policy_fallbacks'],
    ['responses', { user_config: { model_list: [] } }, 'user_config'],
    ['chat', { extra_body: [{ google: { cached_content: 'cachedContents/1' } }] }, 'extra_body'],
    ['responses', { previous_response_id: 5 }, 'previous_response_id'],
    ['generate', { cachedContent: 'cachedContents/1' }, 'cachedContent'],
    ['generate', { generationOutputConfig: {} }, 'generationOutputConfig'],
  ])('in %s %j is refused whatever the channel allows', async (dialect, members, named) => {
    const { status, text: said } = await call(dialect, members, { allowed: ['unknown_tools', 'routing'] });
    expect(status).toBe(400);
    expect(said).toContain(named);
  });
});

describe('what asks for nothing', () => {
  it.each<[Dialect, string]>([
    [
      'chat',
      '{ "model":"m","messages":[{"role":"user","content":"hi"}],"service_tier":"auto","x_new":{"a" : 1},"plugins":null,"tools":[{"name":"f","parameters":{}},{"function":{"name":"g"}}],"extra_body":{"google":{"thinking_config":{}}},"max_tokens":9 }',
    ],
    [
      'responses',
      '{ "model":"m","input":"hi","background":false,"service_tier":"default","tools":[{"type":"function","name":"f"}],"x":1e2,"max_output_tokens":9}',
    ],
    [
      'messages',
      '{ "model":"m","max_tokens":9,"messages":[{"role":"user","content":"hi"}],"speed":"standard","inference_geo":"global","tools":[{"name":"f","input_schema":{}}]}',
    ],
    [
      'generate',
      '{ "contents":[{"parts":[{"text":"hi"}]}],"serviceTier":"standard","tools":[{"functionDeclarations":[]}],"generationConfig":{"maxOutputTokens":9},"xNew":[ 1 ]}',
    ],
    ['pictures', '{ "model":"m","prompt":"hi","background":"transparent"}'],
  ])('goes on byte for byte in %s', async (dialect, body) => {
    const { status, sent } = await call(dialect, body);
    expect(status).toBe(200);
    expect(sent).toBe(body);
  });

  it.each<[Dialect, string]>([
    [
      'chat',
      '{"model":"m","messages":[{"role":"user","content":"hi"}],"plugins":null,"plugins":[{"id":"web"}]}',
    ],
    ['chat', '{"model":"m","messages":[{"role":"user","content":"hi"}],"Plugins":[{"id":"web"}]}'],
    ['messages', '{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"hi"}],"SPEED":"fast"}'],
    ['generate', '{"contents":[{"parts":[{"text":"hi"}]}],"serviceTier":"standard","service_tier":"flex"}'],
  ])('but not twice or in another spelling: %s %s', async (dialect, body) => {
    const { status, text: said } = await call(dialect, body);
    expect(status).toBe(400);
    expect(said).toContain('must appear once');
  });
});

/** Every place in which a request can name a further model. */
const naming: readonly [Dialect, (model: string) => object][] = [
  ['chat', (model) => ({ models: [model] })],
  ['chat', (model) => ({ fallbacks: [{ model }] })],
  ['chat', (model) => ({ extra_body: { models: [model] } })],
  ['embeddings', (model) => ({ extra_body: { fallbacks: [model] } })],
  ['chat', (model) => ({ moderation: { model } })],
  ['chat', (model) => ({ plugins: [{ id: 'file-parser', model }] })],
  ['chat', (model) => ({ providerOptions: { gateway: { models: [model] } } })],
  ['completions', (model) => ({ models: [model] })],
  ['responses', (model) => ({ models: ['m', model] })],
  ['responses', (model) => ({ tools: [{ type: 'image_generation', model }] })],
  ['messages', (model) => ({ fallbacks: [{ model }] })],
  ['messages', (model) => ({ tools: [{ type: 'advisor_20260301', name: 'advisor', model }] })],
  ['messages', (model) => ({ messages: [bringing({ type: 'advisor_20260301', name: 'advisor', model })] })],
  ['messages', (model) => ({ messages: [summing({ type: 'advisor_20260301', name: 'advisor', model })] })],
  ['responses', (model) => ({ tools: [{ type: 'image_generation', output_format: 'svg', svg: { model } }] })],
  [
    'generate',
    (modelName) => ({
      tools: [
        { retrieval: { vertexRagStore: { ragRetrievalConfig: { ranking: { llmRanker: { modelName } } } } } },
      ],
    }),
  ],
  ['messages', (model) => ({ models: [model] })],
  ['generate', (model) => ({ fallbacks: [model] })],
  ['chat', (lora_path) => ({ lora_path })],
  ...plain.map((dialect): [Dialect, (model: string) => object] => [
    dialect,
    (model) => ({ models: [model] }),
  ]),
  ['generate', (modelName) => ({ generationConfig: { routingConfig: { manualMode: { modelName } } } })],
  ['generate', (model_name) => ({ generation_config: { routing_config: { manual_mode: { model_name } } } })],
];

describe('a model that is named beside the request’s own', () => {
  const allowed = [
    ...['moderation', 'plugins', 'routing', 'other_models', 'images', 'file_search'],
  ] as Allowance[];
  const models = ['m', 'other', 'secret*', 'alias'];

  it.each(naming)('%s %p: goes on when it is on the key’s list', async (dialect, members) => {
    const given = { allowed, models, keyModels: ['m', 'other'] };
    expect((await call(dialect, members('other'), given)).status).toBe(200);
    expect((await call(dialect, members('other'), { ...given, keyModels: ['m', 'o*'] })).status).toBe(200);
    expect((await call(dialect, members('other'), { ...given, keyModels: [] })).status).toBe(200);
  });

  it.each(naming)('%s %p: is refused when it is not, in any case or spelling', async (dialect, members) => {
    const given = { allowed, models, keyModels: ['m', 'other'] };
    for (const model of ['secret-1', 'Other', 'OTHER', 'other ', 'm2']) {
      const { status, text: said, sent } = await call(dialect, members(model), given);
      expect([model, status]).toEqual([model, 403]);
      expect(said).toContain(model);
      expect(sent).toBeUndefined();
    }
  });

  it.each(naming)('%s %p: is refused where a mapping makes another model of it', async (dialect, members) => {
    const given = { allowed, models, keyModels: ['m', 'alias'], mapping: { alias: 'secret-1' } };
    const { status, sent } = await call(dialect, members('alias'), given);
    expect(status).toBe(503);
    expect(sent).toBeUndefined();
  });
});
