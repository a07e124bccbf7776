/** Number in (0, 1) for a name: the same one each time where calls are to stay together, another each time where not. */
export type Lot = (name: string) => number;

/** Lots for the calls of one conversation. No state is shared: every process draws the same. */
export function lotOf(conversation: string): Lot {
  const seed = mixText(0x811c9dc5, conversation);
  return (name) => (finish(mixText(seed, name)) + 0.5) / 2 ** 32;
}

/** Lots of a call that belongs to nothing. `draw` gives numbers in [0, 1). */
export function lotOfChance(draw: () => number): Lot {
  return () => 1 - draw();
}

/** FNV-1a over UTF-16 units. */
function mixText(seed: number, text: string): number {
  let hash = seed;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash;
}

/** The last step of MurmurHash3: names that differ in one letter draw independent lots. */
function finish(hash: number): number {
  let mixed = hash ^ (hash >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
