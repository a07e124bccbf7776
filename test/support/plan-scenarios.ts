import { expect } from '@jest/globals';
import type { Commands } from '../../src/commands/commands.js';
import type { CommandMeta, CommandResult } from '../../src/commands/handling/command.js';
import type { Sighting } from '../../src/domain/order/sighting.js';
import type { Scenario } from './command-scenarios.js';
import { monthly, orderPlan, payPlan, PLAN, planSighting } from './paid-plan.js';

const externalUserId = 'u-1';
const setup: CommandMeta = { actor: 'bootstrap', requestId: 'setup' };
const KEY = 'the order of the plan';

const withPlan = async (commands: Commands): Promise<void> => {
  await commands.syncAccount({ externalUserId, username: 'alice' }, setup);
  await commands.publishPlan({ planId: PLAN, terms: monthly }, setup);
};

/** The same order however often it is asked for. */
async function told(commands: Commands, what: Sighting['what']): Promise<CommandResult<unknown>> {
  const { orderId, refused } = await orderPlan(commands, externalUserId, { key: KEY });
  if (orderId === undefined) throw new Error(refused);
  return commands.applySighting(planSighting(orderId, what), setup);
}

/** What is said of the money of a plan, by whomever and however often. */
export const planScenarios: readonly Scenario[] = [
  {
    name: 'publishPlan',
    given: async () => undefined,
    when: (commands, meta) => commands.publishPlan({ planId: PLAN, terms: monthly }, meta),
  },
  {
    name: 'applySighting of a plan that is paid',
    given: withPlan,
    when: (commands) => told(commands, 'paid'),
    then: async (world) => expect(await world.events('grant-given')).toHaveLength(1),
  },
  {
    name: 'cancelSubscription',
    given: async (commands) => {
      await withPlan(commands);
      await payPlan(commands, externalUserId);
    },
    when: (commands, meta) => commands.cancelSubscription({ externalUserId, planId: PLAN }, meta),
  },
];
