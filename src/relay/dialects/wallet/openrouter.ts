import { invalidRequest } from '../json/body.js';
import { openai } from '../openai/dialect.js';
import { dollars } from './amounts.js';
import { generationParameters } from './document.js';
import { question } from './question.js';

const NO_LIMIT = -1;

/** `GET /api/v1/key`, as OpenRouter's clients read it (openrouter.ai/docs/api-reference, read 2026-11-29). */
export const routerKey = question(
  {
    dialect: openai,
    path: '/api/v1/key',
    operationId: 'readRouterKey',
    summary: "The key's limit and what it has used, in US dollars (OpenRouter)",
  },
  async (holder) => {
    const { key, keyLimit, keyUsed, keyUsedSince } = await holder.wallet();
    const { expires_at: until } = key.limits;
    const left = keyLimit === null ? null : dollars(keyLimit > keyUsed ? keyLimit - keyUsed : 0n);
    return {
      data: {
        label: key.keyMask,
        limit: keyLimit === null ? null : dollars(keyLimit),
        limit_remaining: left,
        limit_reset: null,
        usage: dollars(keyUsed),
        usage_daily: dollars(keyUsedSince.day),
        usage_weekly: dollars(keyUsedSince.week),
        usage_monthly: dollars(keyUsedSince.month),
        // Keys of one's own at providers, free models and regions are not known here.
        byok_usage: 0,
        byok_usage_daily: 0,
        byok_usage_weekly: 0,
        byok_usage_monthly: 0,
        include_byok_in_limit: false,
        is_free_tier: false,
        is_management_key: false,
        is_provisioning_key: false,
        allowed_data_regions: [],
        free_model_daily_requests: { limit: 0, remaining: 0, used: 0 },
        rate_limit: { requests: NO_LIMIT, interval: '10s', note: 'see the x-ratelimit headers of calls' },
        creator_user_id: null,
        organization_id: null,
        workspace_id: null,
        expires_at: until === null ? null : new Date(until * 1_000).toISOString(),
      },
    };
  },
);

/** `GET /api/v1/credits`: the balance is what came in less what was used. */
export const routerCredits = question(
  {
    dialect: openai,
    path: '/api/v1/credits',
    operationId: 'readRouterCredits',
    summary: "The account's credits and what of them is used, in US dollars (OpenRouter)",
  },
  async (holder) => {
    const { balance, usedQuota } = await holder.wallet();
    return { data: { total_credits: dollars(balance + usedQuota), total_usage: dollars(usedQuota) } };
  },
);

const MOST_CHARACTERS = 200;

/** `GET /api/v1/generation?id=`: what a call was charged. The id is the answer's `x-request-id`. */
export const routerGeneration = question(
  {
    dialect: openai,
    path: '/api/v1/generation',
    operationId: 'readRouterGeneration',
    summary: 'What a call of the key was charged (OpenRouter)',
    parameters: generationParameters,
  },
  async (holder, facts) => {
    const id = facts.query.get('id') ?? '';
    if (id === '' || id.length > MOST_CHARACTERS)
      throw invalidRequest('id is the x-request-id of a call', 'id');
    const call = await holder.call(id);
    const cost = dollars(call.spendQuota);
    return {
      data: {
        ...UNKNOWN,
        id,
        request_id: call.requestId,
        model: call.model,
        created_at: call.at.toISOString(),
        total_cost: cost,
        usage: cost,
        tokens_prompt: call.promptTokens,
        tokens_completion: call.completionTokens,
        native_tokens_prompt: call.promptTokens,
        native_tokens_completion: call.completionTokens,
        is_byok: false,
        origin: '',
        data_region: 'global',
      },
    };
  },
);

/** What its clients expect to be there and the history of an account does not have. */
const UNKNOWN = Object.fromEntries(
  [
    ...[
      'api_type',
      'app_id',
      'cache_discount',
      'cancelled',
      'external_user',
      'finish_reason',
      'generation_time',
    ],
    ...['http_referer', 'latency', 'moderation_latency', 'native_finish_reason', 'native_tokens_cached'],
    ...[
      'native_tokens_completion_images',
      'native_tokens_reasoning',
      'num_fetches',
      'num_input_audio_prompt',
    ],
    ...['num_media_completion', 'num_media_prompt', 'num_search_results', 'preset_id', 'provider_name'],
    ...['provider_responses', 'router', 'service_tier', 'streamed', 'upstream_id', 'upstream_inference_cost'],
    ...['user_agent', 'web_search_engine', 'workspace_id'],
  ].map((name) => [name, null]),
);
