import { allProjections } from '../../projections/all-projections.js';
import { rebuildAll } from '../../projections/runtime/rebuild.js';
import { chosenProjections, refuseWhatCannotBeCompared } from '../../projections/runtime/rebuildable.js';
import { toJson } from '../../support/json-text.js';
import { faultOf } from '../../transparency/compare-log.js';
import { JobFault } from '../faults.js';
import type { JobInput, TaskContext, TaskResult } from '../job.js';

type RebuildInput = Extract<JobInput, { type: 'rebuild' }>;

/** @throws NotRebuildable */
export async function checkRebuild(
  { projection, mode }: RebuildInput,
  { pool, timezone }: Pick<TaskContext, 'pool' | 'timezone'>,
): Promise<void> {
  const chosen = chosenProjections(projection, allProjections(timezone));
  await refuseWhatCannotBeCompared(pool, chosen, { accept: mode === 'accept' });
}

/** Tables that are made of a changed log say what it does. @throws JobFault */
async function refuseWhatWasNotSigned({ signed, store }: TaskContext): Promise<void> {
  const history = await signed?.();
  const fault = history === undefined ? undefined : await faultOf(history, store);
  if (fault !== undefined) throw new JobFault(`nothing was rebuilt: ${fault}`);
}

/** `counterfoil rebuild`: its JSON is the file. */
export async function runRebuild(input: RebuildInput, context: TaskContext): Promise<TaskResult> {
  const { projection, mode } = input;
  const { pool, store, timezone, report } = context;
  await checkRebuild(input, context);
  if (mode === 'accept') await refuseWhatWasNotSigned(context);
  const results = await rebuildAll(chosenProjections(projection, allProjections(timezone)), {
    pool,
    store,
    swap: mode !== 'compare',
    accept: mode === 'accept',
    onProgress: ({ position, head }) => report({ done: position, total: head }),
  });
  return {
    outcome: {
      clean: results.every(({ equal, swapped }) => equal === true || swapped),
      projections: results.map(({ projection: name, position, events, equal, swapped, tables }) => ({
        projection: name,
        position: position.toString(),
        events,
        equal: equal ?? null,
        swapped,
        tables: tables.map(({ live, next }) => ({
          table: live.table,
          rows: Number(live.rows),
          new_rows: Number(next.rows),
          equal: live.digest === next.digest && live.rows === next.rows,
        })),
      })),
    },
    file: {
      name: `rebuild-${projection}.json`,
      mediaType: 'application/json; charset=utf-8',
      pieces: [toJson(results)],
    },
  };
}
