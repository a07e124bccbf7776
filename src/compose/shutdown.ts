import type { Logger } from 'pino';
import { withDeadline } from '../support/deadline.js';

interface Step {
  readonly name: string;
  readonly deadlineMs: number;
  readonly stop: () => void | Promise<void>;
}

/** Longest time for a step that has nothing to wait for but the other side. */
const STEP_DEADLINE_MS = 10_000;

/**
 * What was started is stopped in the opposite order, each step with a deadline; a step that fails or hangs is logged and does not
 * keep the next ones from running.
 */
export class ShutdownList {
  private readonly steps: Step[] = [];
  private running: Promise<void> | undefined;

  constructor(private readonly log: Logger) {}

  add(name: string, stop: Step['stop'], deadlineMs = STEP_DEADLINE_MS): void {
    this.steps.push({ name, stop, deadlineMs });
  }

  /** Runs once; later calls wait for the first. */
  run(): Promise<void> {
    return (this.running ??= this.stopAll());
  }

  private async stopAll(): Promise<void> {
    for (const { name, stop, deadlineMs } of this.steps.reverse()) {
      const startedMs = performance.now();
      try {
        await withDeadline(Promise.resolve().then(stop), deadlineMs);
        this.log.debug({ step: name, duration_ms: Math.round(performance.now() - startedMs) }, 'stopped');
      } catch (error) {
        this.log.error({ step: name, err: error }, 'could not be stopped in order');
      }
    }
  }
}
