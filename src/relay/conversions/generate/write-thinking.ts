import type { JsonObject } from '../../dialects/json/read.js';
import type { CanonicalRequest } from '../canonical.js';
import type { Writing } from '../codec.js';
import { budgetOf, effortOf } from '../thinking.js';

/** Models that are told how much to think in words, and those that are told a budget. https://ai.google.dev/gemini-api/docs/thinking */
const LEVELS = /gemini-(?:[3-9]|\d{2})/i;
const BUDGETS = /gemini-2\.5|gemini-robotics/i;
/** What every model with a budget takes, but for those that cannot do without. */
const LEAST_BUDGET = 512;
const MOST_BUDGET = 24_576;

/** Whether and how much it thinks, and that it shows what it thought; never both a level and a budget. */
export function writeThinking(
  { thinking, outputLimit }: CanonicalRequest,
  { model, losses, heldLimit }: Writing,
): JsonObject | undefined {
  if (!thinking) return undefined;
  const isOff = thinking.kind === 'off' || thinking.effort === 'none';
  if (!LEVELS.test(model) && !BUDGETS.test(model)) {
    if (!isOff) losses.tell('thinking_off');
    return undefined;
  }
  if (isOff) {
    const alwaysThinks = /pro/i.test(model);
    if (alwaysThinks || LEVELS.test(model)) losses.tell('thinking_budget');
    if (LEVELS.test(model)) return { thinkingLevel: alwaysThinks ? 'low' : 'minimal' };
    return { thinkingBudget: alwaysThinks ? LEAST_BUDGET : 0 };
  }
  const { effort, budget } = thinking;
  if (LEVELS.test(model)) {
    if (effort === undefined && budget === undefined) return { includeThoughts: true };
    const level = levelOf(effortOf(thinking), model);
    if (level !== effort) losses.tell('thinking_budget');
    return { thinkingLevel: level, includeThoughts: true };
  }
  if (effort === undefined && budget === undefined) return { thinkingBudget: -1, includeThoughts: true };
  // Thoughts count towards the limit: they must leave room for an answer.
  const room = outputLimit === undefined ? MOST_BUDGET : Math.floor(Math.min(outputLimit, heldLimit) / 2);
  const fitting = Math.max(LEAST_BUDGET, Math.min(budgetOf(thinking), room, MOST_BUDGET));
  if (fitting !== budget) losses.tell('thinking_budget');
  return { thinkingBudget: fitting, includeThoughts: true };
}

/** The first of its kind knows no middle. */
const levelOf = (effort: string, model: string): string =>
  effort === 'medium' && /gemini-3-pro/i.test(model) ? 'high' : effort;
