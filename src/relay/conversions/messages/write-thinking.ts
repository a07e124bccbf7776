import type { CanonicalRequest, Turn } from '../canonical.js';
import type { Writing } from '../codec.js';
import { unsealed } from '../envelope.js';
import { budgetOf, effortOf } from '../thinking.js';

/** The smallest budget that is taken. */
const LEAST_BUDGET = 1_024;
/** Models that decide themselves how much they think, and are told an effort. https://docs.anthropic.com/en/docs/build-with-claude/adaptive-thinking */
const ADAPTIVE = /claude-(?:opus|sonnet|haiku)-(?:4[-.][6-9](?!\d)|[5-9])/i;

export interface WrittenThinking {
  /** Undefined: it is not to think. */
  readonly thinking: object | undefined;
  readonly effort: string | undefined;
}

const NONE: WrittenThinking = { thinking: undefined, effort: undefined };

/**
 * Whether and how much it thinks. Not where the limit leaves no room for it, where a tool must be called, and not amid a round of tools that
 * began without signed thoughts: upstream would refuse the call.
 */
export function writeThinking(
  request: CanonicalRequest,
  turns: readonly Turn[],
  writing: Writing,
): WrittenThinking {
  const { thinking, choice } = request;
  const { losses, model, heldLimit: limit } = writing;
  if (thinking?.kind !== 'on' || thinking.effort === 'none') return NONE;
  const isForced = choice?.kind === 'any' || choice?.kind === 'one';
  const isOff = isForced || amidUnsignedRound(turns, writing);
  const budget = Math.max(LEAST_BUDGET, Math.min(budgetOf(thinking), limit - 1));
  if (isOff || (!ADAPTIVE.test(model) && budget >= limit)) {
    losses.tell('thinking_off');
    return NONE;
  }
  if (ADAPTIVE.test(model)) return { thinking: { type: 'adaptive' }, effort: effortOf(thinking) };
  if (budget !== thinking.budget) losses.tell('thinking_budget');
  return { thinking: { type: 'enabled', budget_tokens: budget }, effort: undefined };
}

/** The conversation ends with results, and the turn that asked for them has no thought that upstream knows again. */
function amidUnsignedRound(turns: readonly Turn[], { seal }: Writing): boolean {
  const last = turns.at(-1);
  if (last?.role !== 'user' || !last.parts.some(({ kind }) => kind === 'result')) return false;
  const asked = turns.at(-2)?.parts ?? [];
  return !asked.some((part) => part.kind === 'thought' && unsealed(part.signature, seal));
}
