/** What is on its way between a process and the cache: both ways in the order it was sent, and as slowly as one likes. */
export class Wire {
  private readonly requests: (() => Promise<() => void>)[] = [];
  private readonly answers: (() => void)[] = [];
  isCut = false;

  send = <Value>(run: () => Promise<Value>): Promise<Value> =>
    new Promise((resolve, reject) => {
      this.requests.push(() =>
        run().then(
          (value) => () => resolve(value),
          (error: Error) => () => reject(error),
        ),
      );
    });

  get isIdle(): boolean {
    return this.requests.length + this.answers.length === 0;
  }

  async deliver(): Promise<void> {
    const answer = await this.requests.shift()?.();
    if (answer && !this.isCut) this.answers.push(answer);
  }

  async answer(): Promise<void> {
    const answer = this.answers.shift();
    if (!answer) return;
    answer();
    await settleDown();
  }

  /** Its process is dead. What was sent may still arrive; nobody hears of it. */
  cut(): void {
    this.isCut = true;
    this.answers.length = 0;
  }
}

/** Lets everything run that waits for nothing from outside. */
export const settleDown = () => new Promise(setImmediate);

/** A clock that goes when it is told to. */
export class SimulatedTime {
  nowMs = 1_000;
  private readonly timers: { readonly atMs: number; readonly run: () => void }[] = [];

  later(run: () => void, delayMs: number): void {
    this.timers.push({ atMs: this.nowMs + delayMs, run });
  }

  pass(ms: number): void {
    this.nowMs += ms;
    for (const timer of [...this.timers]) {
      if (timer.atMs > this.nowMs) continue;
      this.timers.splice(this.timers.indexOf(timer), 1);
      timer.run();
    }
  }
}
