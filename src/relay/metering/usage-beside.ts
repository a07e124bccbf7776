import type { Usage } from '../../domain/pricing/usage.js';
import type { Doubt } from '../../domain/usage/events.js';
import { doubtOf } from './meter.js';
import { believable, type UsageExpectation } from './usage.js';

/** A part of what a call used that upstream leaves out of the sum: the summary of a long conversation, another model's advice. */
export interface UsageBeside {
  /** Undefined: the model that was called. */
  readonly model: string | undefined;
  readonly usage: Usage;
}

/** Those parts that can be true, and why the first of the others cannot. */
export function believableBeside(
  beside: readonly UsageBeside[],
  expectedOf: (model: string | undefined) => UsageExpectation,
): { readonly usable: readonly UsageBeside[]; readonly doubt: Doubt | undefined } {
  const usable: UsageBeside[] = [];
  let doubt: Doubt | undefined;
  for (const part of beside) {
    const found = believable(part.usage, expectedOf(part.model));
    if (found.kind === 'usable') usable.push(part);
    else doubt ??= doubtOf(part.usage, `of a part: ${found.detail}`);
  }
  return { usable, doubt };
}
