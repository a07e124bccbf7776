/** Connections that a rebuild writes by. With more the server's processes only get in each other's way on a few cores. */
export const LANES = 3;

/** Does the same to many things side by side, a few at a time: first what took longest the time before, so that nobody waits for it at the end. */
export class Lanes<Item extends { readonly name: string }> {
  private readonly tookMs = new Map<string, number>();

  constructor(private readonly width: number) {}

  /** Waits until nothing is under way any more. @throws the first failure; nothing is begun after it */
  async run(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
    const waiting = [...items].sort((a, b) => this.lastMs(b) - this.lastMs(a));
    const lane = async (): Promise<void> => {
      for (let item = waiting.shift(); item; item = waiting.shift()) {
        const startedMs = performance.now();
        try {
          await work(item);
        } catch (error) {
          waiting.length = 0;
          throw error;
        }
        this.tookMs.set(item.name, performance.now() - startedMs);
      }
    };
    const ended = await Promise.allSettled(Array.from({ length: this.width }, lane));
    for (const result of ended) if (result.status === 'rejected') throw result.reason;
  }

  private lastMs({ name }: Item): number {
    return this.tookMs.get(name) ?? 0;
  }
}
