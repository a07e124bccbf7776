import { compare, type Decimal, decimal, formatDecimal, multiply } from '../money/decimal.js';
import type { Rates } from './price.js';

/** A ratio or a dollar price: as it is shown, and as it is counted with. */
export interface Factor {
  readonly text: string;
  readonly value: Decimal;
}

/** Rates ready to count with. Undefined: units of the kind cost nothing, or (reasoning) are priced with the rest of the output. */
export interface CompiledRates {
  /** Of one plain token, the class of service included. */
  readonly model: Decimal;
  readonly perCall: Factor | undefined;
  readonly cached: Factor;
  readonly cacheWrite: Factor;
  readonly cacheWrite1h: Factor;
  readonly promptAudio: Factor;
  readonly promptImage: Factor;
  readonly output: Factor;
  readonly reasoning: Factor | undefined;
  readonly outputAudio: Factor;
  readonly outputImage: Factor;
  readonly image: Factor | undefined;
  readonly millisecond: Factor | undefined;
  readonly character: Factor | undefined;
  readonly search: Factor | undefined;
  readonly fileSearch: Factor | undefined;
  readonly codeSession: Factor | undefined;
  /** Of a prompt's tokens, by which writing to the cache may be billed; and of the output's. */
  readonly dearestPrompt: Readonly<Record<'none' | '5m' | '1h', Factor>>;
  readonly dearestOutput: Factor;
}

export const ONE: Factor = factor('1');
const known = new WeakMap<Rates, CompiledRates>();

/** Kept as long as the rates themselves: those of a price list serve many calls. */
export function compileRates(rates: Rates): CompiledRates {
  let result = known.get(rates);
  if (!result) known.set(rates, (result = compile(rates)));
  return result;
}

function compile(rates: Rates): CompiledRates {
  const cached = factor(rates.cache_ratio);
  const cacheWrite = factor(rates.cache_write_ratio);
  const cacheWrite1h = optional(rates.cache_write_1h_ratio) ?? cacheWrite;
  const promptAudio = optional(rates.audio_ratio) ?? ONE;
  const promptImage = optional(rates.image_ratio) ?? ONE;
  const output = factor(rates.completion_ratio);
  const reasoning = optional(rates.reasoning_ratio);
  const outputAudio = optional(rates.audio_completion_ratio) ?? output;
  const outputImage = optional(rates.image_completion_ratio) ?? output;
  const unwritten = largest(ONE, cached, promptAudio, promptImage);
  return {
    model:
      rates.service_tier_ratio === undefined
        ? decimal(rates.model_ratio)
        : multiply(decimal(rates.model_ratio), decimal(rates.service_tier_ratio)),
    perCall: optional(rates.per_call_usd),
    cached,
    cacheWrite,
    cacheWrite1h,
    promptAudio,
    promptImage,
    output,
    reasoning,
    outputAudio,
    outputImage,
    dearestPrompt: {
      none: unwritten,
      '5m': largest(unwritten, cacheWrite),
      '1h': largest(unwritten, cacheWrite, cacheWrite1h),
    },
    dearestOutput: largest(output, reasoning, outputAudio, outputImage),
    image: optional(rates.per_image_usd),
    millisecond: thousandth(optional(rates.per_second_usd)),
    character: optional(rates.per_character_usd),
    search: optional(rates.per_search_usd),
    fileSearch: optional(rates.per_file_search_usd),
    codeSession: optional(rates.per_code_session_usd),
  };
}

/** The largest; exact, so that two that differ in the last digit are told apart. */
export function largest(first: Factor, ...others: readonly (Factor | undefined)[]): Factor {
  let found = first;
  for (const other of others) if (other && compare(other.value, found.value) > 0) found = other;
  return found;
}

function factor(text: string): Factor {
  return { text, value: decimal(text) };
}

function optional(text: string | null | undefined): Factor | undefined {
  return text === undefined || text === null ? undefined : factor(text);
}

function thousandth(of: Factor | undefined): Factor | undefined {
  if (!of) return undefined;
  const value = { unscaled: of.value.unscaled, scale: of.value.scale + 3 };
  return { text: formatDecimal(value), value };
}
