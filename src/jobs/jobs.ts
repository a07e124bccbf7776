import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '../eventstore/event-store.js';
import { repeat } from '../support/repeat.js';
import { faultOfRun, JobEnded, JobFault } from './faults.js';
import type { JobInput, JobProgress, TaskContext, TaskResult } from './job.js';
import type { JobFiles } from './job-files.js';
import type { JobEnd, JobStore, NewJob } from './job-store.js';
import { checkTask, runTask } from './tasks/all.js';

/** How often a job says that it is under way, and after how long a silence it is not. */
const BEAT_MS = 1_000;
const ALIVE_MS = 15_000;

export interface JobsOptions {
  readonly store: JobStore;
  readonly files: JobFiles;
  /** What tasks work with, but for what is a job's own. */
  readonly sources: Omit<TaskContext, 'report' | 'openFile'>;
  readonly onFault: (error: unknown) => void;
}

interface UnderWay {
  progress: JobProgress;
  /** Why it is to go no further. */
  stop: 'cancelled' | 'interrupted' | undefined;
  ended: Promise<void>;
}

/** Work of this process that nobody waits for. What became of it is in the store, whichever process is asked. */
export class Jobs {
  private readonly underWay = new Map<string, UnderWay>();
  private stopped = false;

  constructor(private readonly options: JobsOptions) {}

  /**
   * Begins a job, unless one of this id was begun before.
   *
   * @returns `busy` where too many are under way already, `conflict` where under this id another one was begun
   * @throws JobFault, before anything is begun, for what cannot be done
   */
  async start(
    id: string,
    input: JobInput,
    startedBy: string,
  ): Promise<'begun' | 'busy' | 'known' | 'conflict'> {
    if (this.stopped) return 'busy';
    await this.withFolder((openFile) => checkTask(input, { ...this.options.sources, openFile }));
    const { type, ...rest } = input;
    const job = { id, type, input: rest as JsonObject, startedBy };
    const begun = await this.options.store.begin(job, ALIVE_MS);
    if (begun === 'begun') {
      const started: UnderWay = { progress: { done: 0n }, stop: undefined, ended: Promise.resolve() };
      this.underWay.set(id, started);
      started.ended = this.work(id, input, started);
    }
    return begun === 'known' && !(await this.isSame(job)) ? 'conflict' : begun;
  }

  private async isSame({ id, type, input }: NewJob): Promise<boolean> {
    const known = await this.options.store.find(id);
    return known?.type === type && isDeepStrictEqual(known.input, JSON.parse(JSON.stringify(input)));
  }

  /** @returns whether it was under way */
  async cancel(id: string): Promise<boolean> {
    const wasRunning = await this.options.store.requestCancel(id);
    const here = this.underWay.get(id);
    if (here && wasRunning) here.stop ??= 'cancelled';
    return wasRunning;
  }

  /** Ends what this process does: it is interrupted. Resolves when nothing is under way any more. */
  async stop(): Promise<void> {
    this.stopped = true;
    for (const job of this.underWay.values()) job.stop ??= 'interrupted';
    await Promise.all([...this.underWay.values()].map(({ ended }) => ended));
  }

  private async work(id: string, input: JobInput, job: UnderWay): Promise<void> {
    const { store, onFault } = this.options;
    const stopBeating = repeat(BEAT_MS, async () => {
      await store.keepAlive(id, job.progress, ALIVE_MS).then((alive) => {
        if (!alive) job.stop ??= 'interrupted';
        else if (alive.cancelRequested) job.stop ??= 'cancelled';
      }, onFault);
      return BEAT_MS;
    });
    try {
      await store.end(id, await this.endOf(id, input, job), job.progress);
    } catch (error) {
      // That it ended could not be written down: it counts as interrupted, as if the process had died.
      onFault(error);
    } finally {
      await stopBeating();
      this.underWay.delete(id);
    }
  }

  private async endOf(id: string, input: JobInput, job: UnderWay): Promise<JobEnd> {
    const goOn = () => {
      if (job.stop) throw new JobEnded(job.stop);
    };
    const report = (progress: JobProgress) => {
      job.progress = progress;
      goOn();
    };
    try {
      const { outcome, file } = await this.withFolder((openFile) =>
        runTask(input, { ...this.options.sources, report, openFile }),
      );
      if (file) await this.options.files.write({ ...file, jobId: id }, watched(file.pieces, goOn));
      return { state: 'finished', outcome };
    } catch (error) {
      if (error instanceof JobEnded) return { state: job.stop ?? 'interrupted' };
      return { state: 'failed', fault: faultOfRun(error, this.options.onFault) };
    }
  }

  /** Files that were put here lie in a folder of their own while something reads them. */
  private async withFolder<Result>(
    run: (openFile: TaskContext['openFile']) => Promise<Result>,
  ): Promise<Result> {
    const { files } = this.options;
    const folder = await mkdtemp(join(tmpdir(), 'counterfoil-job-'));
    try {
      return await run(async (fileId) => {
        const file = await files.find(fileId);
        if (!file) throw new JobFault('a file that is to be read is not there any more: upload it again');
        const own = join(folder, fileId);
        await mkdir(own);
        const path = join(own, file.name);
        await pipeline(files.read(fileId), createWriteStream(path));
        return path;
      });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/** Between any two pieces it may have been told to go no further. */
async function* watched(pieces: NonNullable<TaskResult['file']>['pieces'], goOn: () => void) {
  for await (const piece of pieces) {
    yield piece;
    goOn();
  }
}
