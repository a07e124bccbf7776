/** Whether a smaller plan still fails in the way that is looked for. */
export type StillFails<Item> = (items: readonly Item[]) => Promise<boolean>;

/**
 * Delta debugging (Zeller's ddmin): takes out ever smaller parts of what fails, as long as the rest fails. The answer fails, and where
 * `tries` allows it no single item can be left out. A fault that needs luck to be seen may be lost on the way: what is left out is only what
 * the failure was seen without.
 */
export async function shrink<Item>(
  items: readonly Item[],
  stillFails: StillFails<Item>,
  tries: number,
): Promise<readonly Item[]> {
  let smallest = items;
  let parts = 2;
  let left = tries;
  const fails = async (candidate: readonly Item[]): Promise<boolean> => left-- > 0 && stillFails(candidate);
  if (smallest.length > 0 && (await fails([]))) return [];
  while (smallest.length > 1 && left > 0) {
    const size = Math.ceil(smallest.length / parts);
    const chunks = Array.from({ length: parts }, (_, part) => smallest.slice(part * size, (part + 1) * size));
    const smaller = await firstThatFails(
      chunks.filter(({ length }) => length > 0),
      smallest,
      fails,
    );
    if (smaller) {
      smallest = smaller.items;
      parts = smaller.isPart ? 2 : Math.max(2, parts - 1);
    } else if (parts >= smallest.length) break;
    else parts = Math.min(smallest.length, parts * 2);
  }
  return smallest;
}

/** A part alone, or everything but a part. */
async function firstThatFails<Item>(
  chunks: readonly (readonly Item[])[],
  all: readonly Item[],
  fails: StillFails<Item>,
): Promise<{ readonly items: readonly Item[]; readonly isPart: boolean } | undefined> {
  for (const chunk of chunks)
    if (chunk.length < all.length && (await fails(chunk))) return { items: chunk, isPart: true };
  if (chunks.length <= 2) return undefined;
  for (const chunk of chunks) {
    const rest = all.filter((item) => !chunk.includes(item));
    if (await fails(rest)) return { items: rest, isPart: false };
  }
  return undefined;
}
