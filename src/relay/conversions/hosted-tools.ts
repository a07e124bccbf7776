import type { CanonicalRequest, Tool } from './canonical.js';
import type { Losses } from './losses.js';

/**
 * The tools that upstream is offered: those of the client. Those that upstream would run itself are left out where they are merely offered beside
 * others; without them an answer would be invented where one of them is demanded, or where there is no other. @throws Inconvertible
 */
export function offeredTools({ tools, hosted, choice }: CanonicalRequest, losses: Losses): readonly Tool[] {
  if (hosted.length === 0) return tools;
  const isDemanded = choice?.kind === 'one' && hosted.some(({ name }) => name === choice.name);
  if (tools.length === 0 || isDemanded) losses.tell('hosted_tool', 'tools');
  losses.tell('hosted_tools');
  return tools;
}
