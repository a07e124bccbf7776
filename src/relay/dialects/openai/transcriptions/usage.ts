import { type Usage, usageFrom } from '../../../../domain/pricing/usage.js';
import { countAt, type JsonObject, objectAt, optionalCountAt } from '../../json/read.js';
import { COMPLETION_NAMES, firstCount, PROMPT_NAMES } from '../../reported-counts.js';

/**
 * What an answer or the last event of a stream says that was used: tokens, seconds, or both; undefined where it says neither. `duration` is
 * that of `verbose_json`, `prompt_audio_seconds` that of Mistral.
 */
export function transcriptUsage(payload: JsonObject): Usage | undefined {
  const usage = objectAt(payload['usage']);
  const seconds = usage?.['seconds'] ?? usage?.['prompt_audio_seconds'] ?? payload['duration'];
  const media_ms = seconds === undefined ? undefined : milliseconds(seconds);
  if (!usage || usage['type'] === 'duration')
    return seconds === undefined ? undefined : usageFrom({ media_ms });
  const input = objectAt(usage['input_token_details'] ?? usage['input_tokens_details']);
  return usageFrom({
    prompt_tokens: firstCount(usage, PROMPT_NAMES),
    prompt_audio_tokens: optionalCountAt(input?.['audio_tokens']),
    completion_tokens: firstCount(usage, COMPLETION_NAMES),
    media_ms,
  });
}

const CUE_END = /-->\s*(?:(\d+):)?(\d{1,2}):(\d{2})[.,](\d{3})/g;

/** What subtitles (SRT, WebVTT) say of the length: where the last of them ends. */
export function subtitleUsage(text: string): Usage | undefined {
  const ends = [...text.matchAll(CUE_END)].map(
    ([, hours = '0', minutes, seconds, fraction]) =>
      ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000 + Number(fraction),
  );
  return ends.length === 0 ? undefined : usageFrom({ media_ms: Math.max(...ends) });
}

/** Older upstreams write the number as a text. */
const milliseconds = (seconds: unknown): number =>
  Math.round(1_000 * (typeof seconds === 'string' ? Number(seconds) : countAt(seconds)));
