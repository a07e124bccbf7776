import type { Preview } from '../../books/reconcile/preview.js';
import type { Job, JobFile, JobInput, JobState, JobType } from '../../jobs/job.js';

/** Long work that operators start and look at later. */
export interface JobDesk {
  /** What can be asked for. */
  choices(): {
    readonly projections: readonly string[];
    /** Undefined where no folder is named for them. */
    readonly backups: { readonly isEncrypted: boolean } | undefined;
  };
  /**
   * Begins a job under an id of the caller's. `known`: it was begun before; `conflict`: under this id another one was.
   * @throws JobFault for what cannot be done
   */
  start(id: string, input: JobInput, startedBy: string): Promise<'begun' | 'busy' | 'known' | 'conflict'>;
  /** @returns whether it was under way */
  cancel(id: string): Promise<boolean>;
  find(id: string): Promise<Job | undefined>;
  /** The newest first, before one of them where one is named. */
  list(
    filter: { readonly type?: JobType | undefined; readonly state?: JobState | undefined },
    page: { readonly before?: string | undefined; readonly limit: number },
  ): Promise<readonly Job[]>;
  /** What was made, piece by piece. */
  read(fileId: string): AsyncIterable<Uint8Array>;
  /** Puts a file where a job can read it. @throws JobFault where it is no table */
  keep(path: string, name: string): Promise<JobFile & Preview>;
}
