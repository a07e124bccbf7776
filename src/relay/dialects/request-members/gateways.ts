import { allowed, type MemberRow, readBy, refused } from './rows.js';
import { EXTRA_BODY } from './table.js';
import { judgeTrialMember } from './trials.js';
import { listIn, nameModel, nameModels, objectIn } from './values.js';

/**
 * Members of services that stand before others or add to them, which read them whatever dialect and endpoint they are called in: who answers
 * instead, and what is searched or run for money beside the answer.
 */
export const gatewayRows: readonly MemberRow[] = [
  allowed(['models'], {
    how: 'of OpenRouter and others: models that may answer instead, at prices of their own',
    allowance: 'routing',
    then: nameModels,
  }),
  allowed(['route', 'provider', 'preset'], {
    how: 'of OpenRouter: who answers, and so at what price',
    allowance: 'routing',
  }),
  allowed(['lora_path'], {
    how: 'of SGLang: another model on top of the one that was asked for',
    allowance: 'routing',
    then: nameModels,
  }),
  allowed(['plugins'], {
    how: 'of OpenRouter: searches, files that are read, and other things for money',
    allowance: 'plugins',
    then: (value, asks, member) => {
      // A plugin may work with a model of its own.
      for (const plugin of listIn(value, member))
        nameModel(objectIn(plugin, member)?.['model'], asks, `${member}: model`);
    },
  }),
  allowed(['search_parameters', 'search_options', 'enable_search', 'web_search'], {
    how: 'of xAI, Alibaba and Baidu: searches in a unit that upstream does not report',
    allowance: 'plugins',
    harmless: [false],
  }),
  allowed(['enable_enhancement', 'force_search_enhancement', 'enable_deep_search'], {
    how: 'of Tencent: searches that upstream runs, in a unit that it does not report',
    allowance: 'plugins',
    harmless: [false],
  }),
  allowed(['compound_custom', 'enable_code_interpreter'], {
    how: 'of Groq and Alibaba: searches and code that upstream runs, in a unit that it does not report',
    allowance: 'plugins',
    harmless: [false],
  }),
  readBy(
    'providerOptions',
    'allowed',
    'of gateways: their own routing, with models in it',
    (value, asks, member) => {
      asks.needs.push({ member, allowance: 'routing' });
      for (const options of Object.values(objectIn(value, member) ?? {}))
        nameModels(objectIn(options, member)?.['models'] ?? [], asks, member);
    },
  ),
  refused(
    [
      'api_key',
      'api_base',
      'base_url',
      'model_list',
      'user_config',
      'custom_llm_provider',
      'litellm_credential_name',
    ],
    'where a call goes is said by its model and key: leave it out.',
  ),
  refused(
    ['context_window_fallbacks', 'content_policy_fallbacks', 'context_window_fallback_dict'],
    'models that may answer instead are named in "fallbacks".',
  ),
  allowed(['prompt_id'], {
    how: 'of LiteLLM: a prompt that is kept there, and may name a model of its own',
    allowance: 'routing',
  }),
  refused(['deferred'], 'an answer that comes after its call could not be charged: leave it out.', [false]),
  refused(
    ['extra_headers', 'extra_query'],
    'of LiteLLM: what goes to upstream beside the body is said by its channel: leave it out.',
  ),
  readBy(
    'betas',
    'allowed',
    'trials of Anthropic’s API, as its header `anthropic-beta` (see Headers)',
    judgeTrialMember,
  ),
  readBy('anthropic_beta', 'allowed', 'the same, as clouds take it', judgeTrialMember),
  readBy(
    EXTRA_BODY,
    'decides',
    'of LiteLLM and others, which take what is in it for members of the request: so does this table, and what decides price, route or hold is refused there',
    (value, _, member) => void objectIn(value, member),
  ),
];

/** Of every conversation: services that speak several dialects read it in all of them. A picture has a `background` of its own. */
export const backgroundRows: readonly MemberRow[] = [
  refused(
    ['background'],
    'a response in the background ends after its call, so that it could not be charged. Leave it out.',
    [false],
  ),
  refused(['background_options'], 'of a response in the background, which is not served. Leave it out.'),
];

/** Where the dialect has no member of that name itself. */
export const fallbackRow = allowed(['fallbacks'], {
  how: 'of LiteLLM and others: models that may answer instead, at prices of their own',
  allowance: 'routing',
  then: nameModels,
});
