/**
 * Names of models in price lists may end in `*`, which stands for any rest: `gpt-4o-*`, `*`. The exact name goes before any pattern,
 * and of the patterns that fit, the longest.
 */
export const isPattern = (name: string): boolean => name.endsWith('*');

/** How well a name or pattern fits a model: Infinity for the very name, the length of the prefix, or undefined where it does not fit. */
export function fitOf(name: string, model: string): number | undefined {
  if (name === model) return Number.POSITIVE_INFINITY;
  return isPattern(name) && model.startsWith(name.slice(0, -1)) ? name.length - 1 : undefined;
}
