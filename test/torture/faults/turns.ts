/** Things that one fault at a time may ill-treat. */
export class Turns {
  private readonly last = new Map<string, Promise<unknown>>();

  /** When those before are done, however late that is: what was planned is done. */
  async take<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    const mine = (this.last.get(name) ?? Promise.resolve()).then(work);
    this.last.set(
      name,
      mine.catch(() => undefined),
    );
    return mine;
  }

  /** Of several: always in one order, processes before servers, so that no two wait for each other. */
  async takeAll<Result>(names: readonly string[], work: () => Promise<Result>): Promise<Result> {
    const [name, ...others] = names;
    return name === undefined ? work() : this.take(name, () => this.takeAll(others, work));
  }
}
