/** What something says, one line a fact: `settings.keys.1a2b.disabled` -> `true`. */
export type Facts = Readonly<Record<string, string>>;

/** Items of a list are known by one of these, so that a list is compared item by item and not place by place. */
const NAMES = ['model', 'name', 'id', 'key_id', 'keyMask'];
/** By what a key is found: of no use to who reads this. */
const UNTOLD = ['keyHash'];

/** A state as facts, so that two of them can be compared. What is sealed is not told; that it is another box is. */
export function factsOf(value: unknown, path = ''): Facts {
  if (value === undefined) return {};
  if (Array.isArray(value)) return factsOfList(value, path);
  if (typeof value !== 'object' || value === null) return { [path === '' ? 'value' : path]: textOf(value) };
  if ('box' in value && 'key_id' in value)
    return { [path]: `sealed ${String(value.box).slice(0, BOX_SHOWN)}…` };
  return Object.assign(
    {},
    ...Object.entries(value)
      .filter(([name]) => !UNTOLD.includes(name))
      .map(([name, member]) => factsOf(member, path === '' ? name : `${path}.${name}`)),
  ) as Facts;
}

/** A nonce is in the beginning of a box: enough to tell one from another. */
const BOX_SHOWN = 12;

function factsOfList(list: readonly unknown[], path: string): Facts {
  const names = list.map(nameOf);
  if (list.length === 0 || names.includes(undefined)) return { [path]: JSON.stringify(list.map(textOf)) };
  return Object.assign({}, ...list.map((item, index) => factsOf(item, `${path}.${names[index]}`))) as Facts;
}

function nameOf(item: unknown): string | undefined {
  if (typeof item !== 'object' || item === null) return undefined;
  const name = NAMES.map((each) => (item as Record<string, unknown>)[each]).find(
    (each) => each !== undefined,
  );
  return name === undefined ? undefined : textOf(name);
}

/** `value` is never undefined: an absent fact is none. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'bigint' ? value.toString() : JSON.stringify(value);
}

/** What is in the first and not, or otherwise, in the second. */
export const differing = (facts: Facts, others: Facts): Facts =>
  Object.fromEntries(Object.entries(facts).filter(([name, text]) => others[name] !== text));
