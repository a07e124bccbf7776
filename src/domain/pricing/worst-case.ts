import { add, type Decimal, decimal, fromInteger, multiply, powerOfTen, ZERO } from '../money/decimal.js';
import { QUOTA_PER_USD_DECIMAL, rounded } from './charge.js';
import { compileRates, type CompiledRates, type Factor, largest, ONE } from './compiled-rates.js';
import type { Price } from './price.js';
import { imagePrice, type ImageKind, tiersOf } from './rates.js';
import { type ServiceTier, serviceTierRatio, serviceTiers } from './service-tiers.js';

/** The most that a call can use, but for its output. Units that are not named: none. */
export interface UsageBound {
  readonly promptTokens: number;
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
  /** The class of service that was asked for, or any that upstream may choose; it may also do the work as the list says. Absent: it does. */
  readonly serviceTier?: ServiceTier | 'any' | undefined;
}

/**
 * The most that a call within the bound can be charged, with so many tokens of output in all: every token at the dearest ratio of its side, in the dearest tier in reach. Never
 * below `charge` of any usage within it.
 */
export function worstCharge(
  price: Price,
  groupRatio: string,
  bound: UsageBound,
  outputTokens: number,
): bigint {
  let worst = 0n;
  for (const { above, rates } of tiersOf(price)) {
    if (above !== undefined && bound.promptTokens <= above) continue;
    const { quota } = rounded(exactOf(price, compileRates(rates), groupRatio, bound, outputTokens));
    if (quota > worst) worst = quota;
  }
  return worst;
}

function exactOf(
  price: Price,
  compiled: CompiledRates,
  groupRatio: string,
  bound: UsageBound,
  outputTokens: number,
): Decimal {
  const dollars = compiled.perCall ? compiled.perCall.value : dollarsOf(price, compiled, bound);
  const units =
    dollars === ZERO ? ZERO : multiply(multiply(decimal(groupRatio), QUOTA_PER_USD_DECIMAL), dollars);
  if (compiled.perCall) return units;
  const { prompt, output, scale } = weightsOf(compiled, groupRatio, bound.cacheWrites ?? '1h');
  const unscaled =
    prompt * BigInt(Math.max(0, bound.promptTokens)) + output * BigInt(Math.max(0, outputTokens));
  const listed = { unscaled, scale };
  const { serviceTier } = bound;
  // Most calls ask for none.
  const tokens =
    serviceTier === undefined ? listed : multiply(listed, dearestService(price, serviceTier).value);
  return add(tokens, units);
}

/** Quota of a token of the prompt and of one of the output at their dearest, in parts of 10^scale. */
interface TokenWeights {
  readonly prompt: bigint;
  readonly output: bigint;
  readonly scale: number;
}

type Writes = NonNullable<UsageBound['cacheWrites']>;
/** As long as the rates; by group ratio. Every call is held by one, and multiplying decimals out takes longer than looking. */
const weighed = new WeakMap<CompiledRates, Record<Writes, Map<string, TokenWeights>>>();

function weightsOf(compiled: CompiledRates, groupRatio: string, writes: Writes): TokenWeights {
  let known = weighed.get(compiled);
  if (!known) weighed.set(compiled, (known = { none: new Map(), '5m': new Map(), '1h': new Map() }));
  let weights = known[writes].get(groupRatio);
  if (!weights) known[writes].set(groupRatio, (weights = weigh(compiled, groupRatio, writes)));
  return weights;
}

function weigh(
  { model, dearestPrompt, dearestOutput }: CompiledRates,
  groupRatio: string,
  writes: Writes,
): TokenWeights {
  const token = multiply(decimal(groupRatio), model);
  const [prompt, output] = [
    multiply(token, dearestPrompt[writes].value),
    multiply(token, dearestOutput.value),
  ];
  const scale = Math.max(prompt.scale, output.scale);
  const scaled = (value: Decimal) => value.unscaled * powerOfTen(scale - value.scale);
  return { prompt: scaled(prompt), output: scaled(output), scale };
}

/** Of everything that is not a token. */
function dollarsOf(price: Price, compiled: CompiledRates, bound: UsageBound): Decimal {
  let dollars = times(bound.images, dearestImage(price, bound.image, compiled));
  dollars = add(dollars, times(bound.mediaMs, compiled.millisecond));
  dollars = add(dollars, times(bound.characters, compiled.character));
  dollars = add(dollars, times(bound.searches, compiled.search));
  dollars = add(dollars, times(bound.fileSearches, compiled.fileSearch));
  return add(dollars, times(bound.codeSessions, compiled.codeSession));
}

function dearestService(price: Price, asked: ServiceTier | 'any'): Factor {
  const tiers = asked === 'any' ? serviceTiers : [asked];
  return largest(ONE, ...tiers.map((tier) => factorOf(serviceTierRatio(price, tier))));
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
