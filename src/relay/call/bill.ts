import { charge, type Charge } from '../../domain/pricing/charge.js';
import type { Rates } from '../../domain/pricing/price.js';
import { type ImageKind, ratesFor, tierFor } from '../../domain/pricing/rates.js';
import type { Usage } from '../../domain/pricing/usage.js';
import type { Terms } from './quote.js';

/** A charge, and what was chosen from the price to make it. */
export interface Bill {
  readonly charge: Charge;
  readonly rates: Rates;
  readonly tierAbove: number | undefined;
  /** Set where the price of a picture depends on it. */
  readonly image: ImageKind | undefined;
}

/** What a call costs under the terms it was held under. */
export function billOf({ price, groupRatio }: Terms, usage: Usage, image: ImageKind = {}): Bill {
  const rates = ratesFor(price, usage.prompt_tokens, image);
  return {
    charge: charge(rates, groupRatio, usage),
    rates,
    tierAbove: price.tiers && tierFor(price, usage.prompt_tokens).above,
    image: price.image_prices && image,
  };
}
