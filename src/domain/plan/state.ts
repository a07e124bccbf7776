import type { DataIn, EventIn } from '../stored/event-in.js';
import type { planEvents } from './events.js';

export type PlanEvent = EventIn<typeof planEvents>;
type Published = DataIn<typeof planEvents, 'plan-published'>;
export type PlanTerms = Omit<Published, 'plan_id' | 'version' | 'by'>;

export interface Plan {
  readonly planId: string;
  readonly version: number;
  readonly terms: PlanTerms;
}

/** The newest version; undefined before there is one. */
export type PlanState = Plan | undefined;

export function evolvePlan(_: PlanState, { data }: PlanEvent): PlanState {
  const { plan_id: planId, version, by: _by, ...terms } = data;
  return { planId, version, terms };
}

export interface Priced {
  readonly prices: readonly { readonly currency: string; readonly minor: bigint }[];
}

/** What a plan costs in a currency; undefined where it is not sold in it. */
export const priceIn = ({ prices }: Priced, currency: string): bigint | undefined =>
  prices.find((price) => price.currency === currency)?.minor;
