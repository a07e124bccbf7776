import { planDecider } from '../../domain/plan/decide.js';
import { checked, type Handler } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { planOne, refused } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import type { PlanCommands } from './commands.js';
import { loadPlan } from './load-plan.js';

export function createPlanCommands(dependencies: CommandDependencies): PlanCommands {
  return { publishPlan: checked(publishPlan(dependencies)) };
}

function publishPlan(dependencies: CommandDependencies): Handler<PlanCommands['publishPlan']> {
  return ({ planId, terms }, meta) =>
    handle(dependencies, 'publish-plan', meta, async () => {
      if (!dependencies.sellsPlans) return refused({ code: 'plans_off' });
      const plan = await loadPlan(dependencies, planId);
      const decision = planDecider.decide({ type: 'publish', planId, terms, by: meta.actor }, plan.state);
      const isNew = decision.kind === 'accepted' && decision.events.length > 0;
      const version = (plan.state?.version ?? 0) + (isNew ? 1 : 0);
      return planOne(plan, decision, { planId, version });
    });
}
