const DEADLINE_CHECK_MS = 1_000;

/** Something that is under way for a client. */
export interface CallUnderWay {
  /** Its place among the calls; theirs to set. */
  place: number;
  /** Called about once a second. `nowMs` is performance.now(). */
  checkDeadlines(nowMs: number): void;
  /** The process is going down: nothing more is waited for. */
  abandon(): void;
}

/**
 * The calls under way: counted, watched over by one timer, and waited for at the end. In an array, not a Set: when a Set that is added to and
 * deleted from without end grows anew, its old table points to the new one, and once one table is old every table after it survives with
 * all the calls it held until the next full collection (seen: four times the time, a third of it in the collector).
 */
export class CallsInFlight {
  /** No new calls are let in. */
  draining = false;
  private readonly calls: CallUnderWay[] = [];
  private onEmpty: (() => void) | undefined;
  private timer: NodeJS.Timeout | undefined;

  get count(): number {
    return this.calls.length;
  }

  add(call: CallUnderWay): void {
    call.place = this.calls.push(call) - 1;
  }

  delete(call: CallUnderWay): void {
    const last = this.calls.pop();
    if (last && last !== call) {
      this.calls[call.place] = last;
      last.place = call.place;
    }
    if (this.calls.length === 0) this.onEmpty?.();
  }

  watch(): void {
    this.timer = setInterval(() => {
      const now = performance.now();
      for (const call of [...this.calls]) call.checkDeadlines(now);
    }, DEADLINE_CHECK_MS);
    this.timer.unref();
  }

  stopWatching(): void {
    clearInterval(this.timer);
  }

  /** Lets the calls finish within the deadline, then abandons them and waits once more for what they still have to settle. */
  async drain(deadlineMs: number): Promise<void> {
    this.draining = true;
    if (await this.empty(deadlineMs)) return;
    for (const call of [...this.calls]) call.abandon();
    await this.empty(deadlineMs);
  }

  /** True once no call is under way; false when `waitMs` ran out first. */
  private empty(waitMs: number): Promise<boolean> {
    if (this.calls.length === 0) return Promise.resolve(true);
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), waitMs);
      this.onEmpty = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
  }
}
