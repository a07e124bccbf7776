import type { Log } from '../../support/log.js';
import { drainFile } from './spool/drain.js';
import type { Spool } from './spool/spool.js';
import type { Consumption } from './settlement.js';

/** Takes spooled charges into the log, one pass at a time, and knows which calls are still waiting for it. */
export class SpoolDrainer {
  /** Call id -> output tokens: their holds must be kept alive. */
  private readonly tokens = new Map<string, number>();
  private pass: Promise<void> | undefined;

  constructor(
    private readonly spool: Spool,
    /** Records and settles one charge. */
    private readonly record: (consumption: Consumption, after: bigint | undefined) => Promise<void>,
    private readonly log: Log,
  ) {}

  get spooled(): ReadonlyMap<string, number> {
    return this.tokens;
  }

  note(consumption: Consumption): void {
    this.tokens.set(consumption.call_id, consumption.usage.completion_tokens);
  }

  /** Rejects with LedgerUnavailable when the log is away (again). */
  drain(): Promise<void> {
    this.pass ??= this.drainAll().finally(() => (this.pass = undefined));
    return this.pass;
  }

  private async drainAll(): Promise<void> {
    const waiting = new Set(this.tokens.keys());
    for (const path of await this.spool.takeAll()) {
      const recorded = await drainFile(path, {
        log: this.log,
        record: this.record,
        onFound: (consumption) => {
          waiting.add(consumption.call_id);
          this.note(consumption);
        },
      });
      this.spool.forget(path);
      if (recorded > 0) this.log.info({ charges: recorded }, 'spooled charges are in the log');
    }
    // Also those whose file another process took over: they are in the log, or its business now.
    for (const callId of waiting) this.tokens.delete(callId);
  }
}
