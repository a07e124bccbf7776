const DEADLINE_CHECK_MS = 1_000;

/** Something that is under way for a client. */
export interface CallUnderWay {
  /** Called about once a second. `nowMs` is performance.now(). */
  checkDeadlines(nowMs: number): void;
  /** The process is going down: nothing more is waited for. */
  abandon(): void;
}

/** The calls under way: counted, watched over by one timer, and waited for at the end. */
export class CallsInFlight {
  /** No new calls are let in. */
  draining = false;
  private readonly calls = new Set<CallUnderWay>();
  private onEmpty: (() => void) | undefined;
  private timer: NodeJS.Timeout | undefined;

  get count(): number {
    return this.calls.size;
  }

  add(call: CallUnderWay): void {
    this.calls.add(call);
  }

  delete(call: CallUnderWay): void {
    this.calls.delete(call);
    if (this.calls.size === 0) this.onEmpty?.();
  }

  watch(): void {
    this.timer = setInterval(() => {
      const now = performance.now();
      for (const call of this.calls) call.checkDeadlines(now);
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
    for (const call of this.calls) call.abandon();
    await this.empty(deadlineMs);
  }

  /** True once no call is under way; false when `waitMs` ran out first. */
  private empty(waitMs: number): Promise<boolean> {
    if (this.calls.size === 0) return Promise.resolve(true);
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), waitMs);
      this.onEmpty = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
  }
}
