import type { z } from 'zod';
import { dialectNames } from './dialects.js';
import type { usageEvents } from './events.js';

type Recorded = z.output<(typeof usageEvents)['consumption-recorded']>;

/** What read models and balances need of the charge of an answered call. */
export type StoredCharge = Pick<
  Recorded,
  'call_id' | 'request_id' | 'account_id' | 'token_id' | 'model' | 'quota'
> & { readonly usage: Pick<Recorded['usage'], 'prompt_tokens' | 'completion_tokens'> };

/**
 * The charge in a stored consumption, found without parsing all of it: a fifth of the time of JSON.parse and the schema, and the
 * fifteenth part of their garbage. Every field is checked, also those that are not answered.
 *
 * @param text JSON as `encodeEvent` makes it
 * @returns undefined for any other text, right or wrong: then the schema is to judge. What is answered here, the schema allows
 */
export function readStoredCharge(text: string): StoredCharge | undefined {
  const found = FORM.exec(text);
  if (!found) return undefined;
  const [, call_id, request_id, account_id, token_id, model, prompt, completion, quota] = found;
  return {
    call_id: call_id as string,
    request_id: request_id as string,
    account_id: account_id as string,
    token_id: Number(token_id),
    model: model as string,
    usage: { prompt_tokens: Number(prompt), completion_tokens: Number(completion) },
    quota: BigInt(quota as string),
  };
}

// Each pattern takes a part of what the field's schema takes: printable ASCII without escapes, whole numbers of at most 15 digits,
// the dates that every year has, version and variant of a UUID.
const plain = (least: number, most: number): string => `"[ !#-[\\]-~]{${least},${most}}"`;
const UUID = '"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"';
const COUNT = '(?:0|[1-9][0-9]{0,8})';
const POSITIVE = '[1-9][0-9]{0,14}';
const WHOLE = '(?:0|[1-9][0-9]{0,14})';
const DAY =
  '(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)';
const INSTANT = `"[0-9]{4}-${DAY}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{3})?Z"`;
const RATIO = '"[0-9]{1,9}(?:\\.[0-9]{1,9})?"';
const QUOTA = '"-?[0-9]{1,16}"';
const oneOf = (...words: readonly string[]): string => `"(?:${words.join('|')})"`;
const orNull = (pattern: string): string => `(?:${pattern}|null)`;

/** What stands between the quotes, or the number, is answered. */
const kept = (pattern: string): string =>
  pattern.startsWith('"') ? `"(${pattern.slice(1, -1)})"` : `(${pattern})`;

/** Stored name and pattern, in stored order; a name that ends in `?` may be absent. */
type Form = readonly (readonly [name: string, pattern: string])[];

/** None of the first fields of the forms below may be absent. */
const objectOf = (form: Form): string =>
  `\\{${form
    .map(([name, pattern], index) => {
      const field = `${index === 0 ? '' : ','}"${name.replace('?', '')}":${pattern}`;
      return name.endsWith('?') ? `(?:${field})?` : field;
    })
    .join('')}\\}`;

const usageForm: Form = [
  ['prompt_tokens', kept(COUNT)],
  ['cached_tokens?', COUNT],
  ['cache_write_tokens?', COUNT],
  ['cache_write_1h_tokens?', COUNT],
  ['prompt_audio_tokens?', COUNT],
  ['prompt_image_tokens?', COUNT],
  ['completion_tokens', kept(COUNT)],
  ['reasoning_tokens?', COUNT],
  ['completion_audio_tokens?', COUNT],
  ['completion_image_tokens?', COUNT],
  ['images?', COUNT],
  ['media_ms?', COUNT],
  ['characters?', COUNT],
  ['searches?', COUNT],
];

const chargeForm: Form = [
  ['call_id', kept(UUID)],
  ['request_id', kept(plain(1, 200))],
  ['account_id', kept(UUID)],
  ['user_id', POSITIVE],
  ['token_id', kept(POSITIVE)],
  ['dialect', oneOf(...dialectNames)],
  ['endpoint', plain(0, 100)],
  ['model', kept(plain(1, 200))],
  ['streamed', '(?:true|false)'],
  ['started_at', INSTANT],
  ['channel_id', plain(1, 64)],
  ['upstream_model', plain(1, 200)],
  ['upstream_request_id', orNull(plain(0, 200))],
  ['price_version', WHOLE],
  ['model_ratio', RATIO],
  ['completion_ratio', RATIO],
  ['cache_ratio', RATIO],
  ['cache_write_ratio', RATIO],
  ['cache_write_1h_ratio?', RATIO],
  ['audio_ratio?', RATIO],
  ['image_ratio?', RATIO],
  ['reasoning_ratio?', RATIO],
  ['audio_completion_ratio?', RATIO],
  ['image_completion_ratio?', RATIO],
  ['per_call_usd', orNull(RATIO)],
  ['per_image_usd?', RATIO],
  ['per_second_usd?', RATIO],
  ['per_character_usd?', RATIO],
  ['per_search_usd?', RATIO],
  ['group', plain(1, 64)],
  ['group_ratio', RATIO],
  ['user_group?', plain(1, 64)],
  ['tier_above_prompt_tokens?', POSITIVE],
  ['image_size?', plain(0, 40)],
  ['image_quality?', plain(0, 40)],
  ['usage', objectOf(usageForm)],
  ['exact_quota', plain(0, 100)],
  ['rounding', oneOf('none', 'half-away-from-zero', 'minimum-of-one', 'free')],
  ['quota', kept(QUOTA)],
  ['hold_quota', QUOTA],
  ['overshoot_quota', QUOTA],
  ['basis', oneOf('reported', 'counted', 'estimate')],
  ['ended', oneOf('complete', 'client-closed', 'upstream-cut')],
  ['duration_ms', WHOLE],
  ['first_byte_ms', orNull(WHOLE)],
];

const FORM = new RegExp(`^${objectOf(chargeForm)}$`);
