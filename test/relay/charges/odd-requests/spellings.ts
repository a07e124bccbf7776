import { odd, type OddRequest } from './pieces.js';

const PRICED = { price: { service_tier_ratios: { priority: '2' } } };

/** Members in odd spellings, types and places, the same in each dialect that has a body of its own for the model. */
const everywhere = (['chat', 'responses', 'messages'] as const).flatMap((call): OddRequest[] => [
  odd('the model twice', call, '"model":"secret"', 400, 'model'),
  odd('the model twice, once in escapes', call, '"mod\\u0065l":"secret"', 400, 'model'),
  odd('the model in capitals beside itself', call, '"MODEL":"secret"', 400, 'model'),
  odd('a list of the model', call, { model: ['m'] }, 400, 'model'),
  odd('a model with a zero in it', call, { model: 'm\u0000' }, 400, 'model'),
  odd('the model in another case', call, { model: 'M' }, 403, 'M'),
  odd('a blank before the model', call, { model: ' m' }, 403, 'm'),
  odd(
    'a class of service in extra_body',
    call,
    { extra_body: { service_tier: 'priority' } },
    400,
    'service_tier',
  ),
  odd('… spelled otherwise', call, { extra_body: { ServiceTier: 'priority' } }, 400, 'service_tier'),
  odd('a model in extra_body', call, { extra_body: { Model: 'secret' } }, 400, 'Model'),
  odd('a limit in extra_body', call, { extra_body: { maxTokens: 100_000 } }, 400, 'maxTokens'),
  odd('extra_body as text', call, { extra_body: '{"service_tier":"priority"}' }, 400, 'extra_body'),
  odd('extra_body in Java’s way', call, { extraBody: { service_tier: 'priority' } }, 400, 'extra_body'),
  odd('a class of service in Java’s way', call, { serviceTier: 'priority' }, 400, 'service_tier'),
  odd(
    'a class of service in capitals, that has a price',
    call,
    { service_tier: 'PRIORITY' },
    200,
    undefined,
    PRICED,
  ),
  odd('a class of service as a number', call, { service_tier: 1 }, 400, 'service_tier'),
  odd('an empty class of service', call, { service_tier: '' }, 400, 'service_tier'),
  odd('one tool in place of a list', call, { tools: { type: 'new_tool' } }, 400, 'tools'),
  odd('no tools at all', call, { tools: null }, 200),
  odd('tools in a list in a list', call, { tools: [[{ type: 'web_search' }]] }, 400, 'tools'),
  odd('tools as text', call, { tools: 'web_search' }, 400, 'tools'),
  odd(
    'a tool with two types',
    call,
    '"tools":[{"type":"web_search","type":"custom","name":"f"}]',
    400,
    'twice',
  ),
  odd('… in two cases', call, { tools: [{ type: 'custom', Type: 'web_search', name: 'f' }] }, 400, 'Type'),
  odd('a tool whose type is in capitals', call, { tools: [{ type: 'WEB_SEARCH' }] }, 400, 'WEB_SEARCH'),
  odd(
    'a tool of a later date',
    call,
    { tools: [{ type: 'web_search_20991231' }] },
    400,
    'web_search_20991231',
  ),
  odd('a plugin', call, { plugins: [{ id: 'web' }] }, 400, 'plugins'),
  odd('a plugin in place of a list', call, { plugins: { id: 'web' } }, 400, 'plugins'),
  odd('a route', call, { route: 'fallback' }, 400, 'route'),
  odd('models as text', call, { models: 'secret' }, 403, 'secret'),
  odd('models in lists', call, { models: [['secret']] }, 400, 'models'),
  odd(
    'a fallback of a fallback',
    call,
    { fallbacks: [{ model: 'm', fallbacks: ['secret'] }] },
    400,
    'fallbacks',
  ),
  odd('a fallback with two models', call, '"fallbacks":[{"model":"secret","model":"m"}]', 400, 'twice'),
  odd('a fallback in two cases', call, { fallbacks: [{ model: 'm', Model: 'secret' }] }, 400, 'Model'),
  odd('background as text', call, { background: 'true' }, 400, 'background'),
  odd('no background', call, { background: false }, 200),
  odd(
    'a limit as text',
    call,
    { [call === 'responses' ? 'max_output_tokens' : 'max_tokens']: '9' },
    400,
    'max',
  ),
  odd(
    'a limit in Java’s way',
    call,
    { [call === 'responses' ? 'maxOutputTokens' : 'maxTokens']: 9 },
    400,
    'max',
  ),
  odd('stream as text', call, { stream: 'true' }, 400, 'stream'),
  odd('members of what all objects are made of', call, '"__proto__":{"tools":[{"type":"web_search"}]}', 200),
]);

const CONTENTS = '"contents":[{"parts":[{"text":"hi"}]}]';

/** The same of Gemini’s requests, which have two spellings of each member. */
const generated: readonly OddRequest[] = [
  odd('another model than the address', 'generate', { model: 'models/secret' }, 400, 'model'),
  odd('the model as in the address', 'generate', { model: 'models/m' }, 200),
  odd('the model in capitals', 'generate', { Model: 'm' }, 400, 'model'),
  odd('the contents twice', 'generate', CONTENTS, 400, 'contents'),
  ...['serviceTier', 'service_tier', 'SERVICE_TIER', 'ServiceTier'].map((name) =>
    odd(name, 'generate', { [name]: 'priority' }, 400, 'serviceTier'),
  ),
  ...['extraBody', 'extra_body'].flatMap((name) => [
    odd(
      `a class of service in ${name}`,
      'generate',
      { [name]: { service_tier: 'priority' } },
      400,
      'serviceTier',
    ),
    odd(`a limit in ${name}`, 'generate', { [name]: { generation_config: {} } }, 400, 'generation_config'),
  ]),
  ...['apiBase', 'api_base'].map((name) =>
    odd(name, 'generate', { [name]: 'https://x.example.com' }, 400, 'apiBase'),
  ),
  ...['enableSearch', 'enable_search'].map((name) =>
    odd(name, 'generate', { [name]: true }, 400, 'enableSearch'),
  ),
  odd('a fallback', 'generate', { fallbacks: ['secret'] }, 403, 'secret'),
  odd('background', 'generate', { background: 'true' }, 400, 'background'),
  odd('one tool in place of a list', 'generate', { tools: { googleMaps: {} } }, 400, 'googleMaps'),
  odd('a tool in the names of the proto', 'generate', { tools: [{ google_maps: {} }] }, 400, 'googleMaps'),
  odd('a tool in another case', 'generate', { tools: [{ GoogleMaps: {} }] }, 400, 'GoogleMaps'),
  odd('a tool twice', 'generate', '"tools":[{"googleMaps":{},"googleMaps":null}]', 400, 'twice'),
  odd('a tool that is null', 'generate', { tools: [{ functionDeclarations: [], googleMaps: null }] }, 200),
  odd('a cache', 'generate', { cached_content: 'cachedContents/1' }, 400, 'cachedContent'),
  odd('no cache', 'generate', { cachedContent: null }, 200),
  odd(
    'a router in another case',
    'generate',
    { generationConfig: { RoutingConfig: {} } },
    400,
    'RoutingConfig',
  ),
  odd(
    'a limit twice',
    'generate',
    '"generationConfig":{"maxOutputTokens":9,"max_output_tokens":9}',
    400,
    'maxOutput',
  ),
];

export const spellings: readonly OddRequest[] = [...everywhere, ...generated];
