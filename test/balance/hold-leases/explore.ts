import type { Rule } from './movable.js';
import { movesOf } from './moves.js';
import { beginning, type Bounds, isAtRest, left, type State, textOf } from './world.js';

export interface Exploration {
  readonly states: number;
  readonly moves: number;
  /** Of the state that is farthest from the beginning. */
  readonly depth: number;
  /** What must not be, and one of the shortest ways to it. */
  readonly found: { readonly wrong: string; readonly way: readonly string[] } | undefined;
}

/** What is wrong with a state by itself. */
function faultOf(state: State): string | undefined {
  if (state.wrong !== undefined) return state.wrong;
  return left(state) < 0 ? 'calls may cost more than there is' : undefined;
}

/** Every state that can be reached, the nearest first; ends with the first that is wrong, or from which nothing comes to rest. */
export function explore(bounds: Bounds, broken?: Rule): Exploration {
  const first = beginning(bounds);
  const places = new Map([[textOf(first), 0]]);
  const states: State[] = [first];
  const [cameFrom, cameBy, depths] = [[0], [''], [0]];
  const edges: number[] = [];
  const wayTo = (place: number): readonly string[] =>
    place === 0 ? [] : [...wayTo(cameFrom[place] as number), cameBy[place] as string];
  const report = (found: Exploration['found']): Exploration => ({
    states: states.length,
    moves: edges.length / 2,
    depth: depths.at(-1) as number,
    found,
  });
  for (let place = 0; place < states.length; place += 1) {
    for (const [name, next] of movesOf(states[place] as State, bounds.leaseSize, broken)) {
      const wrong = faultOf(next);
      if (wrong !== undefined) return report({ wrong, way: [...wayTo(place), name] });
      const text = textOf(next);
      let reached = places.get(text);
      if (reached === undefined) {
        reached = states.length;
        places.set(text, reached);
        states.push(next);
        cameFrom.push(place);
        cameBy.push(name);
        depths.push((depths[place] as number) + 1);
      }
      edges.push(place, reached);
    }
  }
  const stuck = firstWithoutRest(states, edges);
  return report(
    stuck === undefined
      ? undefined
      : { wrong: 'something stays claimed or open for ever', way: wayTo(stuck) },
  );
}

/** The first from which no state at rest can be reached. */
function firstWithoutRest(states: readonly State[], edges: readonly number[]): number | undefined {
  const before = new Map<number, number[]>();
  for (let at = 0; at < edges.length; at += 2) {
    const [from, to] = [edges[at] as number, edges[at + 1] as number];
    const known = before.get(to);
    if (known) known.push(from);
    else before.set(to, [from]);
  }
  const rests = new Set(states.flatMap((state, place) => (isAtRest(state) ? [place] : [])));
  for (const place of rests) for (const from of before.get(place) ?? []) rests.add(from);
  const stuck = states.findIndex((_state, place) => !rests.has(place));
  return stuck === -1 ? undefined : stuck;
}
