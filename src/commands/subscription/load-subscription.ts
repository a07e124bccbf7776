import { subscriptionDecider } from '../../domain/subscription/decide.js';
import type { SubscriptionState } from '../../domain/subscription/state.js';
import { subscriptionStream } from '../../domain/streams.js';
import { load, type Loaded } from '../handling/load.js';
import type { CommandDependencies } from '../handling/ports.js';

export const loadSubscription = (
  { store }: Pick<CommandDependencies, 'store'>,
  subscriptionId: string,
): Promise<Loaded<SubscriptionState>> => load(store, subscriptionStream(subscriptionId), subscriptionDecider);
