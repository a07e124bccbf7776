/** Things that one fault at a time may ill-treat. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** When those before are done. */
  async take<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.#last.get(name) ?? Promise.resolve();
    const mine = before.catch(() => undefined).then(work);
    this.#last.set(
      name,
      mine.catch(() => undefined),
    );
    return mine;
  }
}
