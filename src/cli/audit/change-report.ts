import type { Change } from '../../books/audit/history.js';

/** One change as lines: what it was with a minus, what it is with a plus. */
export function reportChange({ position, recorded_at, event, by, before, after }: Change): string {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const lines = names.flatMap((name) => [
    ...(name in before ? [`  - ${name}: ${before[name]}`] : []),
    ...(name in after ? [`  + ${name}: ${after[name]}`] : []),
  ]);
  return [`${recorded_at}  position ${position}  ${event}  by ${by}`, ...lines].join('\n');
}
