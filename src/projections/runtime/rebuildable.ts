import { readCheckpoints } from './checkpoints.js';
import type { Projection, Queryable } from './projection.js';

/** What was asked to be rebuilt is nothing that can be, in words for whoever asked. */
export class NotRebuildable extends Error {
  override readonly name = 'NotRebuildable';
}

/** The named one, or all. @throws NotRebuildable for one that is not there */
export function chosenProjections(name: string, known: readonly Projection[]): readonly Projection[] {
  const chosen = name === 'all' ? known : known.filter((projection) => projection.name === name);
  if (chosen.length > 0) return chosen;
  throw new NotRebuildable(
    `there is no projection ${name}; there are ${known.map((each) => each.name).join(', ')}, and all`,
  );
}

/**
 * Before any work: tables of another version hold other rows, so that swapping them in is a decision. A running service of the
 * version they are of would stop.
 *
 * @throws NotRebuildable
 */
export async function refuseWhatCannotBeCompared(
  db: Queryable,
  chosen: readonly Projection[],
  { accept }: { readonly accept?: boolean | undefined },
): Promise<void> {
  const names = chosen.map(({ name }) => name);
  const live = new Map(
    (await readCheckpoints(db, names, 'live')).map(({ projection, version }) => [projection, version]),
  );
  for (const { name, version } of chosen) {
    const found = live.get(name);
    if (found === undefined)
      throw new NotRebuildable(`the tables of ${name} have not been made: start a projector first`);
    if (found !== version && !accept)
      throw new NotRebuildable(
        `the live tables of ${name} are of version ${found}, this program makes version ${version}: they cannot be compared; ` +
          '--accept swaps the new ones in, and programs of the other version stop',
      );
  }
}
