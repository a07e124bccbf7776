import { CacheUnavailable, type OpenHold } from '../cached-balance.js';
import type { LeaseJournal } from './lease-journal.js';

/** Brings changes of the open holds to the journal, one write at a time, soon after they happened. */
export class JournalWriter {
  private changed = false;
  private failure: Error | undefined;
  private writing: Promise<void> = Promise.resolve();
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly journal: LeaseJournal,
    private readonly openHolds: () => readonly OpenHold[],
    intervalMs: number,
  ) {
    let busy = false;
    this.timer = setInterval(() => {
      if (busy || !this.changed) return;
      busy = true;
      this.writing = this.write().finally(() => (busy = false));
    }, intervalMs).unref();
  }

  noteChange(): void {
    this.changed = true;
  }

  /** @throws CacheUnavailable while the last write failed: what is held now could be lost silently. */
  assertWorking(): void {
    if (this.failure)
      throw new CacheUnavailable('the lease journal cannot be written', { cause: this.failure });
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.writing;
    await this.write();
    this.assertWorking();
  }

  private async write(): Promise<void> {
    this.changed = false;
    try {
      await this.journal.save(this.openHolds());
      this.failure = undefined;
    } catch (error) {
      this.failure = error as Error;
      // Tried again at the next tick.
      this.changed = true;
    }
  }
}
