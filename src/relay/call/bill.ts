import { charge, type Charge, type ChargedPart } from '../../domain/pricing/charge.js';
import type { Rates } from '../../domain/pricing/price.js';
import { type ImageKind, ratesFor, tierFor, tokenRatesFor } from '../../domain/pricing/rates.js';
import type { ServiceTier } from '../../domain/pricing/service-tiers.js';
import { addUsage, type Usage } from '../../domain/pricing/usage.js';
import type { UsageBeside } from '../metering/usage-beside.js';
import type { ModelTerms, Terms } from './quote.js';

/** A charge, and what was chosen from the price to make it. */
export interface Bill {
  readonly charge: Charge;
  readonly rates: Rates;
  readonly tierAbove: number | undefined;
  /** Set where the price of a picture depends on it. */
  readonly image: ImageKind | undefined;
  /** The class of service that the rates are of. */
  readonly serviceTier: ServiceTier | undefined;
  /** What the rates above are for. */
  readonly usage: Usage;
  /** What has rates of its own; undefined where nothing has. */
  readonly parts: BilledPart[] | undefined;
  /** Models of parts that no price list knows: they are charged as the model that was called. */
  readonly unpriced: readonly string[];
}

type BilledPart = ChargedPart & { readonly tier_above_prompt_tokens: number | undefined };

export interface Billed {
  readonly model: string;
  readonly usage: Usage;
  readonly beside: readonly UsageBeside[];
  readonly image?: ImageKind | undefined;
  readonly serviceTier?: ServiceTier | undefined;
}

/** What a call costs under the terms it was held under. */
export function billOf(terms: Terms, { model, usage: told, beside, image = {}, serviceTier }: Billed): Bill {
  const { price, groupRatio } = terms;
  let usage = told;
  const parts: BilledPart[] = [];
  const unpriced: string[] = [];
  for (const part of beside) {
    const own = isOther(part.model, model) ? terms.ofModel(part.model) : terms;
    if (!own) unpriced.push(part.model as string);
    // Without tiers it does not matter how the tokens came together.
    if (own === terms && !price.tiers) usage = addUsage(usage, part.usage);
    else parts.push(billedPart(part.model ?? model, own ?? terms, part.usage, serviceTier));
  }
  const rates = ratesFor(price, usage.prompt_tokens, image, serviceTier);
  return {
    charge: charge(rates, groupRatio, usage, parts),
    rates,
    tierAbove: price.tiers && tierFor(price, usage.prompt_tokens).above,
    image: price.image_prices && image,
    serviceTier,
    usage,
    parts: parts.length > 0 ? parts : undefined,
    unpriced,
  };
}

/** Upstreams name a model with its date, where the client did not. */
const isOther = (part: string | undefined, model: string): part is string =>
  part !== undefined && part !== model && !part.startsWith(`${model}-20`);

function billedPart(
  model: string,
  { price, groupRatio }: ModelTerms,
  usage: Usage,
  serviceTier: ServiceTier | undefined,
): BilledPart {
  const { above } = tierFor(price, usage.prompt_tokens);
  const rates = tokenRatesFor(price, usage.prompt_tokens, serviceTier);
  return { model, ...rates, group_ratio: groupRatio, tier_above_prompt_tokens: above, usage };
}
