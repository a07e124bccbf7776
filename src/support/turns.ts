import { setImmediate } from 'node:timers/promises';

/** Work before others have their turn. */
const TURN_MS = 10;
/** So rarely the clock is asked. */
const STEPS = 64;
const SORTED_AT_ONCE = 1_024;

/** Long work in one process, a few milliseconds at a time. */
class Turn {
  private steps = 0;
  private endsAt = performance.now() + TURN_MS;

  /** Whether others are to have their turn now. */
  isOver(): boolean {
    this.steps += 1;
    return this.steps % STEPS === 0 && performance.now() > this.endsAt;
  }

  async pass(): Promise<void> {
    await setImmediate();
    this.endsAt = performance.now() + TURN_MS;
  }
}

export async function eachInTurns<Item>(items: Iterable<Item>, act: (item: Item) => void): Promise<void> {
  const turn = new Turn();
  for (const item of items) {
    act(item);
    if (turn.isOver()) await turn.pass();
  }
}

export async function mapInTurns<Item, Result>(
  items: Iterable<Item>,
  resultOf: (item: Item) => Result,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  await eachInTurns(items, (item) => results.push(resultOf(item)));
  return results;
}

/** As `toSorted`, stable. */
export async function sortInTurns<Item>(
  items: readonly Item[],
  order: (one: Item, other: Item) => number,
): Promise<readonly Item[]> {
  const turn = new Turn();
  let runs: Item[][] = [];
  for (let from = 0; from < items.length; from += SORTED_AT_ONCE) {
    runs.push(items.slice(from, from + SORTED_AT_ONCE).sort(order));
    await turn.pass();
  }
  while (runs.length > 1) {
    const longer: Item[][] = [];
    for (let index = 0; index < runs.length; index += 2)
      longer.push(await merged(runs[index] ?? [], runs[index + 1] ?? [], order, turn));
    runs = longer;
  }
  return runs[0] ?? [];
}

async function merged<Item>(
  left: readonly Item[],
  right: readonly Item[],
  order: (one: Item, other: Item) => number,
  turn: Turn,
): Promise<Item[]> {
  const all: Item[] = [];
  for (let [one, other] = [0, 0]; one < left.length || other < right.length;) {
    const isLeft =
      other >= right.length || (one < left.length && order(left[one] as Item, right[other] as Item) <= 0);
    all.push((isLeft ? left[one++] : right[other++]) as Item);
    if (turn.isOver()) await turn.pass();
  }
  return all;
}
