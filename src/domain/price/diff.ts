import type { Group, Price } from '../pricing/price.js';

interface List {
  readonly prices: readonly Price[];
  readonly groups: readonly Group[];
}

/** One entry that is in both lists and says something else: field -> before and after. */
export interface ChangedEntry {
  readonly name: string;
  readonly fields: Readonly<Record<string, { readonly before: unknown; readonly after: unknown }>>;
}

export interface EntriesDiff {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly ChangedEntry[];
}

/** What another list changes, by name. The order of a list says nothing. */
export function diffOfLists(before: List, after: List): { models: EntriesDiff; groups: EntriesDiff } {
  return {
    models: diffOf(before.prices, after.prices, ({ model }) => model),
    groups: diffOf(before.groups, after.groups, ({ name }) => name),
  };
}

function diffOf<Entry extends object>(
  before: readonly Entry[],
  after: readonly Entry[],
  nameOf: (entry: Entry) => string,
): EntriesDiff {
  const [old, fresh] = [before, after].map((list) => new Map(list.map((entry) => [nameOf(entry), entry])));
  if (!old || !fresh) throw new Error('two lists are compared');
  const changed = [...fresh].flatMap(([name, entry]): ChangedEntry[] => {
    const earlier = old.get(name);
    const fields = earlier ? changedFields(earlier, entry) : {};
    return Object.keys(fields).length > 0 ? [{ name, fields }] : [];
  });
  return {
    added: [...fresh.keys()].filter((name) => !old.has(name)).sort(),
    removed: [...old.keys()].filter((name) => !fresh.has(name)).sort(),
    changed: changed.sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

function changedFields(before: object, after: object): ChangedEntry['fields'] {
  const [old, fresh] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  const names = [...new Set([...old.keys(), ...fresh.keys()])];
  return Object.fromEntries(
    names
      .filter((name) => JSON.stringify(old.get(name)) !== JSON.stringify(fresh.get(name)))
      .map((name) => [
        name,
        { before: (old.get(name) ?? null) as unknown, after: (fresh.get(name) ?? null) as unknown },
      ]),
  );
}
