import type { Effort, Thinking } from './canonical.js';

type On = Extract<Thinking, { kind: 'on' }>;

/** Budgets of thoughts in tokens, where a provider has budgets and another one efforts. */
const LOW = 1_024;
const MEDIUM = 8_192;
const HIGH = 24_576;
const BELOW_MEDIUM = 4_096;
const BELOW_HIGH = 16_384;

/** How hard a budget is, in the words that every provider of efforts has. */
export function effortOf({ effort, budget }: On): Effort {
  switch (effort) {
    case undefined:
      return budget === undefined ? 'medium' : ofBudget(budget);
    case 'none':
    case 'minimal':
      return 'low';
    case 'xhigh':
    case 'max':
      return 'high';
    default:
      return effort;
  }
}

function ofBudget(budget: number): Effort {
  if (budget < BELOW_MEDIUM) return 'low';
  return budget < BELOW_HIGH ? 'medium' : 'high';
}

/** The budget of an effort, where no budget is said. */
export function budgetOf({ effort, budget }: On): number {
  if (budget !== undefined) return budget;
  switch (effort) {
    case 'none':
    case 'minimal':
    case 'low':
      return LOW;
    case 'high':
    case 'xhigh':
    case 'max':
      return HIGH;
    default:
      return MEDIUM;
  }
}
