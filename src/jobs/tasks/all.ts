import { asJobFault } from '../faults.js';
import type { JobInput, TaskContext, TaskResult } from '../job.js';
import { backupsOf, runBackup } from './backup.js';
import { runDigest } from './digest.js';
import { checkExport, runExport } from './export.js';
import { checkRebuild, runRebuild } from './rebuild.js';
import { checkReconciliation, runReconciliation } from './reconcile.js';
import { runVerification } from './verify.js';

/** Looks whether it can be done at all, before anything is begun. @throws JobFault */
export async function checkTask(input: JobInput, context: Omit<TaskContext, 'report'>): Promise<void> {
  try {
    if (input.type === 'rebuild') await checkRebuild(input, context);
    else if (input.type === 'export') checkExport(input, context);
    else if (input.type === 'backup' || input.type === 'drill') backupsOf(context);
    else if (input.type === 'reconcile') await checkReconciliation(input, context);
  } catch (error) {
    throw asJobFault(error);
  }
}

/** Does it. @throws JobEnded where `report` says so, JobFault; what the books throw */
export async function runTask(input: JobInput, context: TaskContext): Promise<TaskResult> {
  switch (input.type) {
    case 'verify':
      return runVerification(context);
    case 'rebuild':
      return runRebuild(input, context);
    case 'export':
      return runExport(input, context);
    case 'digest':
      return runDigest(context);
    case 'backup':
    case 'drill':
      return runBackup(input.type, context);
    case 'reconcile':
      return runReconciliation(input, context);
  }
}
