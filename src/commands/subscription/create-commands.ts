import { subscriptionDecider, type SubscriptionCommand } from '../../domain/subscription/decide.js';
import { checked, type CommandMeta, type CommandResult } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { accountIdOf, subscriptionIdOf } from '../handling/identifiers.js';
import { planOne } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import type { OfSubscription, SubscriptionCommands } from './commands.js';
import { loadSubscription } from './load-subscription.js';
import { settlePeriod } from './settle-period.js';

export function createSubscriptionCommands(dependencies: CommandDependencies): SubscriptionCommands {
  return {
    cancelSubscription: checked(({ externalUserId, planId }, meta) => {
      const subscriptionId = subscriptionIdOf(accountIdOf(externalUserId), planId);
      const command = () => ({ type: 'cancel', by: meta.actor }) as const;
      return step(dependencies, 'cancel-subscription', subscriptionId, command, meta);
    }),
    endSubscription: checked(({ subscriptionId }, meta) => {
      const command = () => ({ type: 'end', now: dependencies.now(), by: meta.actor }) as const;
      return step(dependencies, 'end-subscription', subscriptionId, command, meta);
    }),
    settlePeriod: checked(settlePeriod(dependencies)),
  };
}

function step(
  dependencies: CommandDependencies,
  name: string,
  subscriptionId: string,
  command: () => SubscriptionCommand,
  meta: CommandMeta,
): Promise<CommandResult<OfSubscription>> {
  return handle(dependencies, name, meta, async () => {
    const subscription = await loadSubscription(dependencies, subscriptionId);
    const decision = subscriptionDecider.decide(command(), subscription.state);
    return planOne(subscription, decision, { subscriptionId });
  });
}
