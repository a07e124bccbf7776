import { toJson } from '../../support/json-text.js';
import { JobFault } from '../faults.js';
import type { Backups, TaskContext, TaskResult } from '../job.js';

/** @throws JobFault where there is no folder for them */
export function backupsOf({ backups }: Pick<TaskContext, 'backups'>): Backups {
  if (!backups)
    throw new JobFault('no folder is named for backups: set BACKUP_DIR where the service is started');
  return backups;
}

/** `counterfoil backup` and `counterfoil drill` into the folder of the service: their JSON is the file. */
export async function runBackup(type: 'backup' | 'drill', context: TaskContext): Promise<TaskResult> {
  const backups = backupsOf(context);
  const found = await (type === 'backup' ? backups.write(context.report) : backups.drill(context.report));
  const json = toJson(found);
  return {
    outcome: JSON.parse(json) as TaskResult['outcome'],
    file: {
      name: `${type}.json`,
      mediaType: 'application/json; charset=utf-8',
      pieces: [json],
    },
  };
}
