import { fitOf } from './model-pattern.js';
import type { Group } from './price.js';

/** The ratio a call is charged with, and the user's group where it was chosen by that. */
export interface GroupRatio {
  readonly ratio: string;
  readonly userGroup: string | undefined;
}

/**
 * The ratio of a group (that of the key) for a user's group and a model. A special ratio goes before the group's own: first one that
 * names the user's group, then the one that fits the model best (its name, then the longest pattern, then none).
 */
export function groupRatioFor(group: Group, userGroup: string | undefined, model: string): GroupRatio {
  let best: { readonly rank: number; readonly ratio: string; readonly byUser: boolean } | undefined;
  for (const special of group.special_ratios ?? []) {
    const byUser = special.user_group !== undefined;
    if (byUser && special.user_group !== userGroup) continue;
    const fit = special.model === undefined ? -1 : fitOf(special.model, model);
    if (fit === undefined) continue;
    // Names are no longer than 200 characters.
    const rank = (byUser ? 1_000 : 0) + Math.min(fit, 500);
    if (!best || rank > best.rank) best = { rank, ratio: special.ratio, byUser };
  }
  if (!best) return { ratio: group.ratio, userGroup: undefined };
  return { ratio: best.ratio, userGroup: best.byUser ? userGroup : undefined };
}
