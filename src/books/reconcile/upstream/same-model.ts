/** `claude-sonnet-4-5` for `Claude Sonnet 4.5` and for `claude-sonnet-4-5-20250929`. */
const familyOf = (model: string): string =>
  model
    .trim()
    .toLowerCase()
    .replaceAll(/[\s.]+/g, '-')
    .replace(/-\d{8}$/, '');

/**
 * The model that a name for people stands for, of those that calls are known of: of upstream's other files first, then ours; as it is
 * where none or several could be meant.
 */
export function modelNamed(name: string, theirs: Iterable<string>, ours: Iterable<string>): string {
  for (const models of [theirs, ours]) {
    const [found, ...others] = [...models].filter((model) => familyOf(model) === familyOf(name));
    if (found !== undefined && others.length === 0) return found;
  }
  return name;
}
