import {
  add,
  type Decimal,
  decimal,
  formatDecimal,
  fromInteger,
  multiply,
  powerOfTen,
  roundHalfAwayFromZero,
  ZERO,
} from '../money/decimal.js';
import { QUOTA_PER_USD } from '../money/quota.js';
import { compileRates, type CompiledRates, type Factor, ONE } from './compiled-rates.js';
import type { Rates } from './price.js';
import type { Usage } from './usage.js';

export const chargeKinds = [
  'input',
  'cached',
  'cache_write',
  'cache_write_1h',
  'audio_input',
  'image_input',
  'output',
  'reasoning',
  'audio_output',
  'image_output',
  'images',
  'milliseconds',
  'characters',
  'searches',
  'file_searches',
  'code_sessions',
  'call',
] as const;

/** One factor of a charge, so that the lines of an explanation and the charge come from the same computation. */
export interface ChargeLine {
  readonly kind: (typeof chargeKinds)[number];
  /** Of a part of the call that has a price of its own. */
  readonly model?: string;
  readonly count: number;
  /** What one of them counts: plain prompt tokens for a token, dollars for anything else; decimal text. */
  readonly ratio: string;
  /** Quota of this line before the one rounding, decimal text. */
  readonly exact: string;
}

export interface Charge {
  readonly quota: bigint;
  /** Quota before rounding, decimal text. */
  readonly exact: string;
  readonly rounding: 'none' | 'half-away-from-zero' | 'minimum-of-one' | 'free';
  readonly lines: readonly ChargeLine[];
}

/** A part of a call that is charged by rates of its own: what another model did for it, or the same model in another tier. */
export type ChargedPart = Rates & {
  readonly model: string;
  readonly group_ratio: string;
  readonly usage: Usage;
};

export const QUOTA_PER_USD_DECIMAL = fromInteger(QUOTA_PER_USD);

/**
 * The charge of one call, in exact decimals with one rounding at the end; the same function charges and explains:
 * `round_half_away(group × (model × Σ tokens × ratio + 500000 × Σ units × dollars))`, or `per_call_usd × 500000 × group` where the
 * price is per call. At least 1 quota when anything was used and the price is not zero. What `parts` used is not in `usage`: each is charged
 * in the same way by its own rates, and rounded with the rest.
 *
 * Every token is counted once: tokens of the prompt that were read from or written to the cache as that, of the rest the audio and image
 * tokens as those, what remains as plain. Of the output audio and images first, then reasoning where it has a price of its own.
 */
export function charge(
  rates: Rates,
  groupRatio: string,
  usage: Usage,
  parts: readonly ChargedPart[] = [],
): Charge {
  const lines = new Lines();
  pushAll(lines, rates, groupRatio, usage);
  for (const part of parts) {
    lines.model = part.model;
    pushAll(lines, part, part.group_ratio, part.usage);
  }
  return lines.charge();
}

function pushAll(lines: Lines, rates: Rates, groupRatio: string, usage: Usage): void {
  const group = decimal(groupRatio);
  const compiled = compileRates(rates);
  const dollar = multiply(group, QUOTA_PER_USD_DECIMAL);
  if (compiled.perCall) lines.push('call', 1, compiled.perCall, dollar);
  else {
    const token = multiply(group, compiled.model);
    pushPrompt(lines, compiled, token, usage);
    pushOutput(lines, compiled, token, usage);
    lines.push('images', usage.images, compiled.image, dollar);
    lines.push('milliseconds', usage.media_ms, compiled.millisecond, dollar);
    lines.push('characters', usage.characters, compiled.character, dollar);
    lines.push('searches', usage.searches, compiled.search, dollar);
    lines.push('file_searches', usage.file_searches, compiled.fileSearch, dollar);
    lines.push('code_sessions', usage.code_sessions, compiled.codeSession, dollar);
  }
}

function pushPrompt(lines: Lines, rates: CompiledRates, token: Decimal, usage: Usage): void {
  const fromCache = usage.cached_tokens + usage.cache_write_tokens + usage.cache_write_1h_tokens;
  const fresh = Math.max(0, usage.prompt_tokens - fromCache);
  const audio = Math.min(usage.prompt_audio_tokens, fresh);
  const image = Math.min(usage.prompt_image_tokens, fresh - audio);
  lines.push('input', fresh - audio - image, ONE, token);
  lines.push('cached', usage.cached_tokens, rates.cached, token);
  lines.push('cache_write', usage.cache_write_tokens, rates.cacheWrite, token);
  lines.push('cache_write_1h', usage.cache_write_1h_tokens, rates.cacheWrite1h, token);
  lines.push('audio_input', audio, rates.promptAudio, token);
  lines.push('image_input', image, rates.promptImage, token);
}

function pushOutput(lines: Lines, rates: CompiledRates, token: Decimal, usage: Usage): void {
  const all = usage.completion_tokens;
  const audio = Math.min(usage.completion_audio_tokens, all);
  const image = Math.min(usage.completion_image_tokens, all - audio);
  const reasoning = rates.reasoning ? Math.min(usage.reasoning_tokens, all - audio - image) : 0;
  lines.push('output', all - audio - image - reasoning, rates.output, token);
  lines.push('reasoning', reasoning, rates.reasoning, token);
  lines.push('audio_output', audio, rates.outputAudio, token);
  lines.push('image_output', image, rates.outputImage, token);
}

class Lines {
  /** Whose lines come now; undefined: those of the model that was called. */
  model: string | undefined;
  private readonly lines: ChargeLine[] = [];
  private sum = ZERO;

  push(kind: ChargeLine['kind'], count: number, factor: Factor | undefined, unit: Decimal): void {
    if (count <= 0 || !factor) return;
    const exact = multiply(unit, multiply(fromInteger(count), factor.value));
    this.sum = add(this.sum, exact);
    const line = { kind, count, ratio: factor.text, exact: formatDecimal(exact) };
    this.lines.push(this.model === undefined ? line : { ...line, model: this.model });
  }

  charge(): Charge {
    const { quota, rounding } = rounded(this.sum);
    return { quota, rounding, exact: formatDecimal(this.sum), lines: this.lines };
  }
}

/** The one rounding of a charge. */
export function rounded(exact: Decimal): Pick<Charge, 'quota' | 'rounding'> {
  if (exact.unscaled === 0n) return { quota: 0n, rounding: 'free' };
  const quota = roundHalfAwayFromZero(exact);
  if (quota === 0n) return { quota: 1n, rounding: 'minimum-of-one' };
  const unrounded = exact.unscaled === quota * powerOfTen(exact.scale);
  return { quota, rounding: unrounded ? 'none' : 'half-away-from-zero' };
}
