import { decimal } from '../../domain/money/decimal.js';
import type { Price } from '../../domain/pricing/price.js';
import { meter, type MeteredUsage, type MeterSource } from './meter.js';
import { believable } from './usage.js';

/** A tenth of a second of sound is a token to the models that count so. */
const MS_PER_TOKEN = 100;

export const tokensOfSound = (ms: number): number => Math.ceil(ms / MS_PER_TOKEN);

/**
 * Meters a call that listened. What its price asks for and upstream did not say, of seconds and of tokens, is estimated from the length of
 * the recording, so that no call is free for want of a report. `likelyMs` is that length where upstream does not even say that.
 */
export async function meterSound(
  source: MeterSource,
  likelyMs: number,
  price: Price,
  budgetMs: number,
): Promise<MeteredUsage> {
  const { reported, expected } = source;
  const asksTokens = price.per_call_usd === null && decimal(price.model_ratio).unscaled !== 0n;
  const asksSeconds = price.per_call_usd === null && price.per_second_usd !== undefined;
  const silent =
    reported !== undefined && asksTokens && reported.prompt_tokens + reported.completion_tokens === 0;
  const saidMs = silent && believable(reported, expected).kind === 'usable' ? reported.media_ms : 0;
  const metered = await meter(
    { ...source, ...(silent && { reported: undefined }), withoutTokens: !asksTokens },
    budgetMs,
  );
  const { usage } = metered;
  const mediaMs = usage.media_ms || saidMs || likelyMs;
  const sound = asksTokens && metered.basis !== 'reported' ? tokensOfSound(mediaMs) : 0;
  if (sound === 0 && (!asksSeconds || usage.media_ms > 0)) return metered;
  return {
    ...metered,
    usage: {
      ...usage,
      prompt_tokens: usage.prompt_tokens + sound,
      prompt_audio_tokens: usage.prompt_audio_tokens + sound,
      media_ms: mediaMs,
    },
    basis: 'estimate',
  };
}
