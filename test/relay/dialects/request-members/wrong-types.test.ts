import { describe, expect, it } from '@jest/globals';
import { parseMessages } from '../../../../src/relay/dialects/anthropic/messages/request.js';
import type { CallRequest } from '../../../../src/relay/dialects/call-request.js';
import { GenerateRequest } from '../../../../src/relay/dialects/gemini/generate/request.js';
import { parseChat } from '../../../../src/relay/dialects/openai/chat/request.js';
import { embeddings } from '../../../../src/relay/dialects/openai/inputs/embeddings.js';
import { parseResponse } from '../../../../src/relay/dialects/openai/responses/request.js';
import { protoName } from '../../../../src/relay/dialects/gemini/members.js';
import type { RequestFacts } from '../../../../src/relay/dialects/request-facts.js';
import { memberTables } from '../../../../src/relay/dialects/request-members/all.js';
import { headerTable } from '../../../../src/relay/dialects/request-members/headers.js';
import { CallRefused } from '../../../../src/relay/errors.js';

const facts: RequestFacts = { parameters: {}, headers: {}, query: new URLSearchParams() };
const parsers: Readonly<Record<string, readonly [base: object, parse: (body: Buffer) => unknown]>> = {
  '/v1/chat/completions': [
    { model: 'm', messages: [{ role: 'user', content: 'hi' }] },
    (body) => parseChat(body, facts),
  ],
  '/v1/responses': [{ model: 'm', input: 'hi' }, (body) => parseResponse(body, facts)],
  '/v1/messages': [
    { model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'hi' }] },
    (body) => parseMessages(body, facts),
  ],
  '/v1beta/models/{model}:generateContent': [
    { contents: [{ parts: [{ text: 'hi' }] }] },
    (body) => new GenerateRequest('m', body, { framing: 'json', query: '' }, false, {}),
  ],
  'the other endpoints of /v1': [{ model: 'm', input: 'hi' }, (body) => embeddings.parse(body, facts)],
};

const CHAT = '/v1/chat/completions';
const RESPONSES = '/v1/responses';
const MESSAGES = '/v1/messages';
const GENERATE = '/v1beta/models/{model}:generateContent';

/** Values of the documented type that ask for as much as the member can. */
const everywhere: Readonly<Record<string, readonly unknown[]>> = {
  models: [['other'], [{ model: 'other' }]],
  route: ['fallback'],
  provider: [{ order: ['dear'] }],
  preset: ['dear'],
  lora_path: ['other'],
  plugins: [[{ id: 'web', model: 'other' }]],
  search_parameters: [{ mode: 'on' }],
  search_options: [{ enable: true }],
  enable_search: [true],
  web_search: [{ enable: true }],
  enable_enhancement: [true],
  force_search_enhancement: [true],
  enable_deep_search: [true],
  compound_custom: [{ tools: {} }],
  enable_code_interpreter: [true],
  user_config: [{ model_list: [] }],
  custom_llm_provider: ['openai'],
  litellm_credential_name: ['x'],
  context_window_fallbacks: [[{ m: ['other'] }]],
  content_policy_fallbacks: [[{ m: ['other'] }]],
  context_window_fallback_dict: [{ m: 'other' }],
  prompt_id: ['x'],
  extra_body: [{ model: 'other' }, { models: ['other'] }, { extra_body: { plugins: [{ id: 'web' }] } }],
  extra_headers: [{ 'anthropic-beta': 'context-1m-2025-08-07' }],
  extra_query: [{ model: 'other' }],
  betas: [['context-1m-2025-08-07']],
  anthropic_beta: [['context-1m-2025-08-07']],
  user_profile_id: ['x'],
  workspace_id: ['x'],
  providerOptions: [{ gateway: { models: ['other'] } }],
  api_key: ['x'],
  api_base: ['https://elsewhere.example.com'],
  base_url: ['https://elsewhere.example.com'],
  model_list: [[{}]],
  fallbacks: [['other'], [{ model: 'other' }]],
  service_tier: ['priority'],
  serviceTier: ['priority'],
  deferred: [true],
  moderation: [{ model: 'other' }],
  web_search_options: [{}],
  cachedContent: ['cachedContents/1'],
  google: [{ cached_content: 'cachedContents/1' }],
  best_of: [2],
  cached_content: ['cachedContents/1'],
  mcp_servers: [[{ type: 'url', url: 'https://tools.example.com', name: 'x' }]],
  background: [true],
  background_options: [{ completion_window: '2h' }],
  prompt_cache_options: [{ comparison_response_id: 'resp_1' }],
  previous_response_id: ['resp_1'],
  conversation: ['conv_1', { id: 'conv_1' }],
  prompt: ['pmpt_1', { id: 'pmpt_1', variables: { file: { type: 'input_file', file_id: 'file-1' } } }],
  context_management: [{ edits: [{ type: 'new_edit' }] }],
  compaction: [{}],
  container: ['container_1', { id: 'container_1', skills: [{ type: 'custom', skill_id: 'skill_1' }] }],
  speed: ['fast'],
  inference_geo: ['us'],
  billing_policy: [{ type: 'billing_policy', bill_to: 'user_profile' }],
  thread: [{ type: 'create' }],
  fallback_credit_token: ['x'],
  system: [[{ type: 'document', source: { type: 'file', file_id: 'file_1' } }]],
  modelArmorConfig: [{ promptTemplateName: 'x' }],
  generationOutputConfig: [{}],
  systemInstruction: [{ parts: [{ fileData: { fileUri: 'gs://bucket/1' } }] }],
  generationConfig: [{ routingConfig: { manualMode: { modelName: 'other' } } }, { thinkingConfig: {} }],
};

/** What differs from endpoint to endpoint. */
const samples: Readonly<Record<string, Readonly<Record<string, readonly unknown[]>>>> = {
  [CHAT]: {
    messages: [
      [{ role: 'user', content: [{ type: 'file', file: { file_id: 'file-1' } }] }],
      [{ role: 'user', content: [{ type: 'file', file_id: 'file-1' }] }],
      [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'ms://file-1' } }] }],
      [{ role: 'assistant', audio: { id: 'audio_1' } }],
      [{ role: 'cache', content: 'cache_id=cache-1' }],
      [{ role: 'system', content: [{ type: 'text', text: 'fileid://file-1' }] }],
    ],
    tools: [[{ type: 'web_search' }], [{ type: 'new_tool' }], [{ googleSearch: {} }]],
  },
  [RESPONSES]: {
    input: [
      [{ type: 'item_reference', id: 'msg_1' }],
      [{ id: 'msg_1' }],
      [{ type: 'message', role: 'user', content: [{ type: 'input_file', file_id: 'file-1' }] }],
      [{ type: 'function_call_output', output: [{ type: 'input_file', file_id: 'file-1' }] }],
      [{ type: 'code_interpreter_call', container_id: 'cntr_1' }],
      [{ type: 'additional_tools', tools: [{ type: 'web_search' }] }],
    ],
    tools: [
      [{ type: 'web_search' }],
      [{ type: 'new_tool' }],
      [{ type: 'file_search', vector_store_ids: ['vs_1'] }],
      [{ type: 'image_generation', model: 'other', input_image_mask: { file_id: 'file-1' } }],
      [{ type: 'code_interpreter', container: 'cntr_1' }],
      [
        {
          type: 'code_interpreter',
          container: { type: 'auto', file_ids: ['file-1'], skills: [{ skill_id: 'skill_1' }] },
        },
      ],
      [{ type: 'shell', environment: { type: 'container_reference', container_id: 'cntr_1' } }],
      [{ type: 'programmatic_tool_calling' }],
      [{ type: 'namespace', name: 'n', tools: [{ type: 'web_search' }] }],
    ],
  },
  [MESSAGES]: {
    messages: [
      [{ role: 'user', content: [{ type: 'document', source: { type: 'file', file_id: 'file_1' } }] }],
      [{ role: 'user', content: [{ type: 'container_upload', file_id: 'file_1' }] }],
      [
        {
          role: 'user',
          content: [
            {
              type: 'tool_result',
              content: [{ type: 'image', source: { type: 'file', file_id: 'file_1' } }],
            },
          ],
        },
      ],
      [
        {
          role: 'user',
          content: [
            {
              type: 'document',
              source: { type: 'content', content: [{ type: 'image', source: { file_id: 'file_1' } }] },
            },
          ],
        },
      ],
    ],
    fallbacks: [[{ model: 'other', speed: 'fast' }], 'default'],
    tools: [
      [{ type: 'web_search_20260318', name: 'web_search' }],
      [{ type: 'code_execution_20260521', name: 'c' }],
      [{ type: 'advisor_20260301', name: 'advisor', model: 'other' }],
      [{ type: 'new_tool', name: 'x' }],
    ],
  },
  [GENERATE]: {
    contents: [
      [{ parts: [{ fileData: { fileUri: 'gs://bucket/1' } }] }],
      [{ parts: [{ functionResponse: { parts: [{ file_data: { file_uri: 'gs://bucket/1' } }] } }] }],
    ],
    tools: [
      [{ googleSearch: {} }],
      [{ fileSearch: { names: ['x'] } }],
      [{ google_maps: {} }],
      [{ newTool: {} }],
    ],
  },
  'the other endpoints of /v1': { tools: [[{ type: 'web_search' }]] },
};

/** Where the documents have that type as well, in which nothing of what the sample holds has a place. */
const DOCUMENTED = [
  `${RESPONSES} input as text`,
  `${RESPONSES} input.0.output in an object`,
  `${RESPONSES} tools.0.container in an object`,
  `${MESSAGES} container in an object`,
  `${MESSAGES} messages.0.content.0.content in an object`,
  `${MESSAGES} system as text`,
  `${GENERATE} contents in an object`,
  `${GENERATE} contents.0.parts in an object`,
  `${GENERATE} contents.0.parts.0.functionResponse.parts in an object`,
  `${GENERATE} systemInstruction.parts in an object`,
  `${RESPONSES} prompt in an object`,
];

type Outcome = 'refused' | { readonly asked: readonly string[] };

function outcomeOf(endpoint: string, member: string, value: unknown): Outcome {
  const [base, parse] = parsers[endpoint] ?? [];
  if (!base || !parse) throw new Error(`no parser of ${endpoint}`);
  try {
    const { asks } = parse(Buffer.from(JSON.stringify({ ...base, [member]: value }))) as CallRequest;
    const { needs = [], models = [], references = [], readsMore = false } = asks ?? {};
    return {
      asked: [
        ...needs.map((need) => `needs ${need.allowance}`),
        ...models.map((name) => `names ${name}`),
        ...references.map(({ id }) => `refers to ${id}`),
        ...(readsMore ? ['reads more'] : []),
      ],
    };
  } catch (error) {
    if (error instanceof CallRefused) return 'refused';
    throw error;
  }
}

/** The value with another type at one of its places: each place with each type. */
function* mistyped(value: unknown, path: readonly string[]): Generator<[path: string, value: unknown]> {
  const place = path.join('.');
  for (const wrong of [[value], [[value]]]) yield [place, wrong];
  for (const wrong of [7, true]) if (typeof wrong !== typeof value) yield [place, wrong];
  if (typeof value !== 'object' || Array.isArray(value)) yield [`${place} in an object`, { value }];
  if (typeof value !== 'object' || value === null) return;
  if (path.length === 1) yield [`${place} as text`, JSON.stringify(value)];
  for (const [name, inner] of Object.entries(value))
    for (const [at, changed] of mistyped(inner, [...path, name])) {
      const copy: unknown = Array.isArray(value)
        ? value.map((element: unknown, index) => (String(index) === name ? changed : element))
        : { ...value, [name]: changed };
      yield [at, copy];
    }
}

/** Refused, asked for all that the right one asks for, or taken for a tool, a model or an id that nobody knows. */
function isAsStrict(right: Outcome, seen: Outcome, wrong: unknown): boolean {
  if (seen === 'refused') return true;
  const unknown = ['needs unknown_tools', `names ${String(wrong)}`, `refers to ${String(wrong)}`];
  if (seen.asked.some((asked) => unknown.includes(asked))) return true;
  return right !== 'refused' && right.asked.every((asked) => seen.asked.includes(asked));
}

/** A header has one type. */
const ofBodies = memberTables.filter((table) => table !== headerTable);

describe.each(ofBodies)('a member of $endpoint that is judged', ({ endpoint, rows }) => {
  const names = rows.filter(({ read }) => read).flatMap((row) => row.names);

  it.each(names)('%s of another type than the documented one is refused, or read the same', (name) => {
    const values = samples[endpoint]?.[name] ?? everywhere[name] ?? everywhere[protoName(name)];
    expect(values?.length).toBeGreaterThan(0);
    const unread: string[] = [];
    for (const value of values ?? []) {
      const right = outcomeOf(endpoint, name, value);
      for (const [path, wrong] of mistyped(value, [name])) {
        if (DOCUMENTED.includes(`${endpoint} ${path}`)) continue;
        if (!isAsStrict(right, outcomeOf(endpoint, name, wrong), wrong))
          unread.push(`${path}: ${JSON.stringify(wrong)}`);
      }
    }
    expect(unread).toEqual([]);
  });
});

/** What decides price, hold or stream. */
const deciding: readonly (readonly [endpoint: string, member: string, value: unknown])[] = [
  ...[CHAT, RESPONSES, MESSAGES, GENERATE, 'the other endpoints of /v1'].map(
    (endpoint) => [endpoint, 'model', 'm'] as const,
  ),
  [CHAT, 'max_tokens', 5],
  [CHAT, 'max_completion_tokens', 5],
  [CHAT, 'n', 2],
  [CHAT, 'stream', true],
  [CHAT, 'stream_options', { include_usage: true }],
  [RESPONSES, 'max_output_tokens', 5],
  [RESPONSES, 'stream', true],
  [MESSAGES, 'max_tokens', 2_000],
  [MESSAGES, 'thinking', { type: 'enabled', budget_tokens: 1_024 }],
  [MESSAGES, 'stream', true],
  [GENERATE, 'generationConfig', { maxOutputTokens: 5, candidateCount: 2 }],
  [GENERATE, 'generationConfig', { thinkingConfig: { thinkingBudget: 600 } }],
];

it.each(deciding)('%s: %s of another type than the documented one is refused', (endpoint, member, value) => {
  expect(outcomeOf(endpoint, member, value)).not.toBe('refused');
  const taken = [...mistyped(value, [member])].filter(
    ([, wrong]) => outcomeOf(endpoint, member, wrong) !== 'refused',
  );
  expect(taken).toEqual([]);
});

it('tools of another server are read for, and those of none are not', () => {
  const server = { type: 'url', url: 'https://tools.example.com', name: 'x' };
  expect(outcomeOf(MESSAGES, 'mcp_servers', [server])).toEqual({ asked: ['reads more'] });
  expect(outcomeOf(MESSAGES, 'mcp_servers', [])).toEqual({ asked: [] });
});
