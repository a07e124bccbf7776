import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { readConfig, type StartOptions } from './config.js';
import { backOff } from './support/backoff.js';
import { ANSWER_WITHIN_MS, fromWorker, type Question, type ToWorker } from './support/fellow-workers.js';
import type { Log } from './support/log.js';
import { createLogger } from './support/logger.js';

const RESTARTS = { baseDelayMs: 400, maxDelayMs: 15_000 };
/** A worker that lived for so long did not die of its start. */
const LIVED_MS = 30_000;

/**
 * Runs so many processes of a service behind one port, and starts those anew that die. SIGTERM and SIGINT end all in order, a second one at
 * once; SIGHUP replaces them one after the other, each by one that is ready. Resolves with the exit code.
 */
export async function serveWorkers(count: number, options: StartOptions): Promise<number> {
  const { logLevel } = readConfig(process.env, options);
  const log = createLogger(logLevel);
  const workers = new Workers(count, log);
  let signals = 0;
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const)
      process.on(signal, () => {
        signals += 1;
        if (signals > 1) {
          workers.kill();
          process.exit(130);
        }
        log.info({ signal }, 'the workers are shutting down');
        resolve();
      });
  });
  process.on('SIGHUP', () => void workers.replaceAll());
  const failed = await Promise.race([workers.start(), stopped.then(() => undefined)]);
  if (failed === undefined) await stopped;
  await workers.stop();
  log.info({ code: failed ?? 0 }, 'all workers are stopped');
  return failed ?? 0;
}

/** One place among the workers, and who has it. */
interface Place {
  worker: Worker | undefined;
  isReady: boolean;
}

class Workers {
  private readonly places: Place[];
  private readonly waiting = new Map<number, (worker: Worker, answer: string) => void>();
  private asked = 0;
  private isStopping = false;
  private replacing: Promise<void> | undefined;

  constructor(
    count: number,
    private readonly log: Log,
  ) {
    this.places = Array.from({ length: count }, () => ({ worker: undefined, isReady: false }));
  }

  /** One after the other: what is at fault is told once. Resolves when all are ready, or with the exit code of one that could not start. */
  async start(): Promise<number | undefined> {
    for (const place of this.places) {
      const code = await this.fill(place);
      if (code !== undefined) return code;
    }
    this.log.info({ workers: this.places.length }, 'all workers are ready');
    return undefined;
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    await Promise.all(
      Object.values(cluster.workers ?? {}).flatMap((worker) => (worker ? [end(worker)] : [])),
    );
  }

  kill(): void {
    for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill('SIGKILL');
  }

  /** Asked for again meanwhile it is done once. */
  async replaceAll(): Promise<void> {
    this.replacing ??= this.replaceEach().finally(() => (this.replacing = undefined));
    await this.replacing;
  }

  private async replaceEach(): Promise<void> {
    for (const place of this.places) {
      const { worker: former } = place;
      if (this.isStopping || !former) continue;
      const code = await this.fill(place);
      if (code !== undefined) {
        this.log.error({ code }, 'a worker could not be replaced: the others stay as they are');
        place.worker = former;
        place.isReady = true;
        return;
      }
      await end(former);
    }
    this.log.info({ workers: this.places.length }, 'all workers are replaced');
  }

  /** Starts a worker for a place. Resolves when it is ready, or with its exit code when it ends before. */
  private async fill(place: Place): Promise<number | undefined> {
    const worker = cluster.fork();
    const startedMs = performance.now();
    place.worker = worker;
    place.isReady = false;
    const started = new Promise<number | undefined>((resolve) => {
      worker.on('message', (message) => {
        const { data } = fromWorker.safeParse(message);
        if (data?.kind === 'ask') void this.askAll(worker, data.id, data.question);
        if (data?.kind === 'answer') this.waiting.get(data.id)?.(worker, data.answer);
        if (data?.kind === 'ready') {
          place.isReady = true;
          this.log.info({ pid: worker.process.pid, url: data.url }, 'a worker is ready');
          resolve(undefined);
        }
      });
      worker.once('exit', (code: number | null) => resolve(code ?? 1));
    });
    const code = await started;
    if (code === undefined)
      worker.once('exit', (ended: number | null, signal: string | null) => {
        // Who was replaced has left its place before.
        if (place.worker !== worker || this.isStopping) return;
        this.log.error({ pid: worker.process.pid, code: ended, signal }, 'a worker died: it is started anew');
        void this.refill(place, performance.now() - startedMs > LIVED_MS ? 0 : 1);
      });
    return code;
  }

  private async refill(place: Place, failures: number): Promise<void> {
    place.worker = undefined;
    place.isReady = false;
    await backOff(RESTARTS, failures);
    if (this.isStopping) return;
    const code = await this.fill(place);
    if (code === undefined || this.isStopping) return;
    this.log.error({ code }, 'a worker could not be started: it is tried again');
    await this.refill(place, failures + 1);
  }

  /** Puts a worker's question to all, and tells it what they answer. */
  private async askAll(asker: Worker, asked: number, question: Question): Promise<void> {
    const id = this.asked++;
    const answers = new Map<Worker, string>();
    const ready = this.places.flatMap(({ worker, isReady }) => (worker && isReady ? [worker] : []));
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ANSWER_WITHIN_MS);
      this.waiting.set(id, (worker, answer) => {
        answers.set(worker, answer);
        if (answers.size < ready.length) return;
        clearTimeout(timer);
        resolve();
      });
      for (const worker of ready) tell(worker, { kind: 'question', id, question });
    });
    this.waiting.delete(id);
    const told = this.places.map(({ worker }) => (worker && answers.get(worker)) ?? null);
    tell(asker, { kind: 'answers', id: asked, answers: told });
  }
}

/** Resolves when it has ended in order. */
async function end(worker: Worker): Promise<void> {
  if (worker.isDead()) return;
  const ended = once(worker, 'exit');
  tell(worker, { kind: 'stop' });
  await ended;
}

/** One that is going away need not be told. */
function tell(worker: Worker, message: ToWorker): void {
  if (worker.isConnected()) worker.send(message, () => undefined);
}
