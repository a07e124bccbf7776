import { planDecider } from '../../domain/plan/decide.js';
import type { PlanState } from '../../domain/plan/state.js';
import { planStream } from '../../domain/streams.js';
import { load, type Loaded } from '../handling/load.js';
import type { CommandDependencies } from '../handling/ports.js';

export const loadPlan = (
  { store }: Pick<CommandDependencies, 'store'>,
  planId: string,
): Promise<Loaded<PlanState>> => load(store, planStream(planId), planDecider);
