import { listedRateNames, type Price, type Rates, type Tier } from './price.js';
import { type ServiceTier, serviceTierRatio } from './service-tiers.js';

/** Which picture was asked for, as far as it is known. */
export interface ImageKind {
  readonly size?: string | undefined;
  readonly quality?: string | undefined;
}

interface TieredRates {
  /** Undefined: the price as it is for short prompts. */
  readonly above: number | undefined;
  readonly rates: Rates;
}

/** A price lives as long as the list it is in, so what is made of it is kept as long. */
const compiled = new WeakMap<Price, readonly TieredRates[]>();

/** The rates of each tier, the shortest prompts first. */
export function tiersOf(price: Price): readonly TieredRates[] {
  let tiers = compiled.get(price);
  if (!tiers) {
    const { tiers: longer = [], ...rest } = price;
    const base = ratesOnly(rest);
    tiers = [{ above: undefined, rates: base }, ...longer.map((tier) => inTier(base, tier))];
    compiled.set(price, tiers);
  }
  return tiers;
}

/** The tier of a prompt: chosen by the whole of it, and in force for the whole of it. */
export function tierFor(price: Price, promptTokens: number): TieredRates {
  const tiers = tiersOf(price);
  let chosen = tiers[0] as TieredRates;
  for (const tier of tiers) if (promptTokens > (tier.above ?? 0)) chosen = tier;
  return chosen;
}

/** The price of one picture; undefined where pictures have none. Size and quality together go before size alone, and that before quality alone. */
export function imagePrice(price: Price, { size, quality }: ImageKind): string | undefined {
  let best: { readonly rank: number; readonly usd: string } | undefined;
  for (const entry of price.image_prices ?? []) {
    if (entry.size !== undefined && entry.size !== size) continue;
    if (entry.quality !== undefined && entry.quality !== quality) continue;
    const rank = (entry.size === undefined ? 0 : 2) + (entry.quality === undefined ? 0 : 1);
    if (!best || rank > best.rank) best = { rank, usd: entry.usd };
  }
  return best?.usd ?? price.per_image_usd;
}

/** What a call is charged by: the tier of its prompt, the price of its pictures, and the ratio of its class of service. */
export function ratesFor(
  price: Price,
  promptTokens: number,
  image: ImageKind = {},
  serviceTier?: ServiceTier,
): Rates {
  const rates = tokenRatesFor(price, promptTokens, serviceTier);
  const usd = price.image_prices && imagePrice(price, image);
  return usd === undefined || usd === rates.per_image_usd ? rates : { ...rates, per_image_usd: usd };
}

/** The same where no picture was made. */
export function tokenRatesFor(
  price: Price,
  promptTokens: number,
  serviceTier: ServiceTier | undefined,
): Rates {
  const { rates } = tierFor(price, promptTokens);
  const service_tier_ratio = serviceTierRatio(price, serviceTier);
  return service_tier_ratio === undefined ? rates : { ...rates, service_tier_ratio };
}

function ratesOnly(price: Omit<Price, 'tiers'>): Rates {
  const entries = listedRateNames.flatMap((name) => (price[name] === undefined ? [] : [[name, price[name]]]));
  return Object.fromEntries(entries) as Rates;
}

function inTier(base: Rates, { above_prompt_tokens, ...ratios }: Tier): TieredRates {
  const stated = Object.entries(ratios).filter(([, ratio]) => ratio !== undefined);
  return { above: above_prompt_tokens, rates: { ...base, ...Object.fromEntries(stated) } };
}
