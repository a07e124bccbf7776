/** The time for faults was over before it was this one's turn. */
export class NoTimeLeft extends Error {
  override readonly name = 'NoTimeLeft';
}

/** Things that one fault at a time may ill-treat, as long as there is time. */
export class Turns {
  private readonly last = new Map<string, Promise<unknown>>();

  constructor(private readonly isOver: () => boolean) {}

  /** When those before are done. @throws NoTimeLeft */
  async take<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.last.get(name) ?? Promise.resolve();
    const mine = before.then(() => {
      if (this.isOver()) throw new NoTimeLeft('the time was over before it came to this');
      return work();
    });
    this.last.set(
      name,
      mine.catch(() => undefined),
    );
    return mine;
  }
}
