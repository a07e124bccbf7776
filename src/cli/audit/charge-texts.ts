import type { ChargeStep } from '../../books/audit/explain/charge-step.js';
import { type RateName, rateNames } from '../../domain/pricing/price.js';
import { type UnitKind, unitKinds } from '../../domain/pricing/usage.js';
import { count } from './facts.js';

/** Tokens by kind; of the parts, those that are usual and those that there are. */
export function tokensText({ tokens }: ChargeStep): string {
  const promptParts = [
    `${count(tokens.cached)} cached`,
    `${count(tokens.cache_write)} cache written`,
    ...some(tokens.cache_write_1h, 'cache written for an hour'),
    ...some(tokens.prompt_audio, 'audio'),
    ...some(tokens.prompt_image, 'image'),
  ];
  const outputParts = [
    ...some(tokens.reasoning, 'reasoning'),
    ...some(tokens.completion_audio, 'audio'),
    ...some(tokens.completion_image, 'image'),
  ];
  const output = outputParts.length === 0 ? '' : ` (${outputParts.join(', ')})`;
  return `${count(tokens.prompt)} prompt (${promptParts.join(', ')}), ${count(tokens.completion)} completion${output}`;
}

const unitWords: Readonly<Record<UnitKind, string>> = {
  images: 'images',
  media_ms: 'ms of sound',
  characters: 'characters',
  searches: 'searches',
  file_searches: 'searches in files',
  code_sessions: 'machines for code',
};

/** Null where nothing but tokens was used. */
export function unitsText({ units }: ChargeStep): string | null {
  const parts = unitKinds.flatMap((kind) => some(units[kind], unitWords[kind]));
  return parts.length === 0 ? null : parts.join(', ');
}

const rateWords: Readonly<Record<Exclude<RateName, 'per_call_usd'>, string>> = {
  model_ratio: 'model ratio',
  completion_ratio: 'completion',
  cache_ratio: 'cache',
  cache_write_ratio: 'cache write',
  cache_write_1h_ratio: 'cache write 1h',
  audio_ratio: 'audio',
  image_ratio: 'image',
  reasoning_ratio: 'reasoning',
  audio_completion_ratio: 'audio output',
  image_completion_ratio: 'image output',
  service_tier_ratio: 'all tokens',
  per_image_usd: 'USD an image',
  per_second_usd: 'USD a second',
  per_character_usd: 'USD a character',
  per_search_usd: 'USD a search',
  per_file_search_usd: 'USD a search in files',
  per_code_session_usd: 'USD a machine for code',
};

export function ratesText({ price }: ChargeStep): string {
  if (price.per_call_usd !== null) return `$${price.per_call_usd} a call`;
  const picture = [price.image_size, price.image_quality].filter((text) => text !== null).join(' ');
  const above = price.tier_above_prompt_tokens;
  const rates = rateNames.flatMap((name) => {
    const rate = price[name];
    if (name === 'per_call_usd' || rate === undefined || rate === null) return [];
    const what = name === 'per_image_usd' ? picture : name === 'service_tier_ratio' ? price.service_tier : '';
    const of = what === '' || what === null ? '' : ` of ${what}`;
    return [`${rateWords[name]}${of} ${rate}`];
  });
  return [...rates, ...(above === null ? [] : [`tier above ${count(above)} prompt tokens`])].join(', ');
}

export function groupText({ price }: ChargeStep): string {
  const chosen = price.user_group === null ? '' : `, for users of ${price.user_group}`;
  return `${price.group}, ratio ${price.group_ratio}${chosen}`;
}

const some = (amount: number, what: string): readonly string[] =>
  amount === 0 ? [] : [`${count(amount)} ${what}`];
