import { z } from 'zod';
import { ratioText } from './ratio-text.js';

/** Classes of service that providers bill apart from the list, by one name for all dialects. */
export const serviceTiers = ['priority', 'flex', 'batch', 'scale'] as const;
export type ServiceTier = (typeof serviceTiers)[number];

/** How many tokens of the list a token of the class counts. A class without a ratio costs what the list says. */
export const serviceTierRatios = z.object({
  priority: ratioText.optional(),
  flex: ratioText.optional(),
  batch: ratioText.optional(),
  scale: ratioText.optional(),
} satisfies Record<ServiceTier, z.ZodType>);

/** What providers put before a name: `SERVICE_TIER_FLEX`, `ON_DEMAND_PRIORITY`. */
const PREFIX = /^(service_tier|on_demand)_/;

/** What OpenAI takes for another name of a class, and reports by that one's. */
const OTHER_NAMES: ReadonlyMap<string, ServiceTier> = new Map([['fast', 'priority']]);

/** The class that a text of any dialect names; undefined for what costs what the list says, and for what nobody knows. */
export function serviceTierNamed(text: string): ServiceTier | undefined {
  const name = text.toLowerCase().replace(PREFIX, '');
  return OTHER_NAMES.get(name) ?? serviceTiers.find((tier) => tier === name);
}

/** A class that is billed apart and has no ratio here: whoever is served in it is charged as the list says, until somebody has looked. */
export const isTierWithoutRatio = (reported: string): boolean =>
  reported.toLowerCase().replace(PREFIX, '') === 'ultrafast';

/** Undefined: tokens cost what the list says. */
export const serviceTierRatio = (
  { service_tier_ratios }: { readonly service_tier_ratios?: z.infer<typeof serviceTierRatios> | undefined },
  tier: ServiceTier | undefined,
): string | undefined => tier && service_tier_ratios?.[tier];
