import { accept, type Decider, type Decision, refuse, replay } from '../decider.js';
import { CREDIT_CEILING } from '../money/quota.js';
import { planEvents } from './events.js';
import { evolvePlan, type PlanEvent, type PlanState, type PlanTerms } from './state.js';

export interface PublishPlan {
  readonly type: 'publish';
  readonly planId: string;
  readonly terms: PlanTerms;
  readonly by: string;
}

/** The same terms again are the version that there is. */
function decide({ planId, terms, by }: PublishPlan, state: PlanState): Decision<PlanEvent> {
  const detail = faultOf(terms);
  if (detail !== undefined) return refuse({ code: 'plan_invalid', detail });
  if (state && textOf(state.terms) === textOf(terms)) return replay();
  const version = (state?.version ?? 0) + 1;
  return accept({ type: 'plan-published', data: { plan_id: planId, version, ...terms, by } });
}

function faultOf({ quota, prices }: PlanTerms): string | undefined {
  if (quota <= 0n) return 'quota: must be more than nothing';
  if (quota > CREDIT_CEILING) return `quota: at most ${CREDIT_CEILING}`;
  const free = prices.find(({ minor }) => minor <= 0n);
  if (free) return `prices: ${free.currency}: must be more than nothing`;
  const twice = prices.find(
    ({ currency }, index) => prices.findIndex((price) => price.currency === currency) !== index,
  );
  return twice && `prices: ${twice.currency}: is there twice`;
}

const textOf = ({ name, description, quota, months, prices, priority, is_offered }: PlanTerms): string =>
  JSON.stringify([
    ...[name, description, quota.toString(), months, priority, is_offered],
    ...prices.map(({ currency, minor }) => `${currency} ${minor}`),
  ]);

export const planDecider: Decider<PlanState, PublishPlan, PlanEvent> = {
  initialState: () => undefined,
  evolve: evolvePlan,
  decide,
  events: planEvents,
};
