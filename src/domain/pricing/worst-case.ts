import { add, type Decimal, decimal, fromInteger, multiply, ZERO } from '../money/decimal.js';
import { QUOTA_PER_USD_DECIMAL, rounded } from './charge.js';
import { compileRates, type CompiledRates, type Factor, largest } from './compiled-rates.js';
import type { Price, Rates } from './price.js';
import { imagePrice, type ImageKind, tiersOf } from './rates.js';

/** The most that a call can use. Units that are not named: none. */
export interface UsageBound {
  readonly promptTokens: number;
  readonly outputTokens: number;
  /** Which kinds of writing to the prompt cache the call may be billed for; absent: any. */
  readonly cacheWrites?: 'none' | '5m' | '1h' | undefined;
  readonly images?: number | undefined;
  /** Absent: the dearest picture there is. A size or quality that is absent may turn out to be any. */
  readonly image?: ImageKind | undefined;
  readonly mediaMs?: number | undefined;
  readonly characters?: number | undefined;
  readonly searches?: number | undefined;
  readonly fileSearches?: number | undefined;
  readonly codeSessions?: number | undefined;
}

/**
 * The most that a call within the bound can be charged: every token at the dearest ratio of its side, in the dearest tier in reach. Never
 * below `charge` of any usage within it.
 */
export function worstCharge(price: Price, groupRatio: string, bound: UsageBound): bigint {
  const group = decimal(groupRatio);
  let worst = 0n;
  for (const { above, rates } of tiersOf(price)) {
    if (above !== undefined && bound.promptTokens <= above) continue;
    const { quota } = rounded(multiply(group, exactOf(price, rates, bound)));
    if (quota > worst) worst = quota;
  }
  return worst;
}

/** Before the group's ratio. */
function exactOf(price: Price, rates: Rates, bound: UsageBound): Decimal {
  const compiled = compileRates(rates);
  if (compiled.perCall) return multiply(QUOTA_PER_USD_DECIMAL, compiled.perCall.value);
  const prompt = times(bound.promptTokens, compiled.dearestPrompt[bound.cacheWrites ?? '1h']);
  const output = times(bound.outputTokens, compiled.dearestOutput);
  const tokens = multiply(compiled.model, add(prompt, output));
  let units = times(bound.images, dearestImage(price, bound.image, compiled));
  units = add(units, times(bound.mediaMs, compiled.millisecond));
  units = add(units, times(bound.characters, compiled.character));
  units = add(units, times(bound.searches, compiled.search));
  units = add(units, times(bound.fileSearches, compiled.fileSearch));
  units = add(units, times(bound.codeSessions, compiled.codeSession));
  return units === ZERO ? tokens : add(tokens, multiply(QUOTA_PER_USD_DECIMAL, units));
}

function dearestImage(
  price: Price,
  { size, quality }: ImageKind = {},
  { image }: CompiledRates,
): Factor | undefined {
  if (!price.image_prices) return image;
  const fitting = price.image_prices.filter(
    (entry) =>
      (size === undefined || entry.size === undefined || entry.size === size) &&
      (quality === undefined || entry.quality === undefined || entry.quality === quality),
  );
  if (size !== undefined && quality !== undefined) return factorOf(imagePrice(price, { size, quality }));
  const dearest = fitting.map(({ usd }) => factorOf(usd));
  return dearest.reduce((found, next) => (found && next ? largest(found, next) : (found ?? next)), image);
}

const factorOf = (text: string | undefined): Factor | undefined =>
  text === undefined ? undefined : { text, value: decimal(text) };

const times = (count: number | undefined, factor: Factor | undefined): Decimal =>
  count === undefined || count <= 0 || !factor ? ZERO : multiply(fromInteger(count), factor.value);
