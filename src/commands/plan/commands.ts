import type { PlanTerms } from '../../domain/plan/state.js';
import type { Command } from '../handling/command.js';

export interface PublishPlan {
  readonly planId: string;
  readonly terms: PlanTerms;
}

export interface PlanCommands {
  /** A new version, from which on it is sold so. The same terms again are the version that there is. */
  readonly publishPlan: Command<PublishPlan, { readonly planId: string; readonly version: number }>;
}
