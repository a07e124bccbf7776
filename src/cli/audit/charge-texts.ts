import type { ChargeStep } from '../../books/audit/explain/charge-step.js';
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

/** Null where nothing but tokens was used. */
export function unitsText({ units }: ChargeStep): string | null {
  const parts = [
    ...some(units.images, 'images'),
    ...some(units.media_ms, 'ms of sound'),
    ...some(units.characters, 'characters'),
    ...some(units.searches, 'searches'),
    ...some(units.file_searches, 'searches in files'),
    ...some(units.code_sessions, 'machines for code'),
  ];
  return parts.length === 0 ? null : parts.join(', ');
}

export function ratesText({ price }: ChargeStep): string {
  if (price.per_call_usd !== null) return `$${price.per_call_usd} a call`;
  const stated = (text: string, value: string | undefined) =>
    value === undefined ? [] : [`${text} ${value}`];
  const picture = [price.image_size, price.image_quality].filter((text) => text !== null).join(' ');
  return [
    `model ratio ${price.model_ratio}`,
    `completion ${price.completion_ratio}`,
    `cache ${price.cache_ratio}`,
    `cache write ${price.cache_write_ratio}`,
    ...stated('cache write 1h', price.cache_write_1h_ratio),
    ...stated('audio', price.audio_ratio),
    ...stated('image', price.image_ratio),
    ...stated('reasoning', price.reasoning_ratio),
    ...stated('audio output', price.audio_completion_ratio),
    ...stated('image output', price.image_completion_ratio),
    ...stated(picture === '' ? 'USD an image' : `USD an image of ${picture}`, price.per_image_usd),
    ...stated('USD a second', price.per_second_usd),
    ...stated('USD a character', price.per_character_usd),
    ...stated('USD a search', price.per_search_usd),
    ...stated('USD a search in files', price.per_file_search_usd),
    ...stated('USD a machine for code', price.per_code_session_usd),
    ...(price.tier_above_prompt_tokens === null
      ? []
      : [`tier above ${count(price.tier_above_prompt_tokens)} prompt tokens`]),
  ].join(', ');
}

export function groupText({ price }: ChargeStep): string {
  const chosen = price.user_group === null ? '' : `, for users of ${price.user_group}`;
  return `${price.group}, ratio ${price.group_ratio}${chosen}`;
}

const some = (amount: number, what: string): readonly string[] =>
  amount === 0 ? [] : [`${count(amount)} ${what}`];
