import type { AppliedEvent, SeenLog } from '../../eventstore/applied-event.js';
import { BEFORE_FIRST } from '../../eventstore/event-store.js';
import type { SeenPosition } from './expected-log.js';

/** Whoever has seen a place of the log, and remembers it. */
export interface Witness {
  readonly name: string;
  /** Rejects where it cannot be asked. An older copy of the log may have grown past any position: an event that it has not tells them apart. */
  readonly seen: () => Promise<SeenLog>;
}

/** All who remember the log beside this process. */
export class Witnesses {
  private readonly known: Witness[] = [];
  /** What each of them said when it could be asked. */
  private readonly lastWords = new Map<string, SeenLog>();

  add(witness: Witness): void {
    this.known.push(witness);
  }

  /** As far as anybody who could be asked has seen it; below any position where nobody has. */
  get remembered(): bigint {
    return [...this.lastWords.values()].reduce(
      (most, { position = BEFORE_FIRST }) => (position > most ? position : most),
      BEFORE_FIRST,
    );
  }

  /** Who cannot be asked now is taken at their last word: one that is silent for a moment must not let an older log pass. */
  async hear(): Promise<{
    readonly seen: readonly SeenPosition[];
    readonly events: readonly AppliedEvent[];
  }> {
    const seen: SeenPosition[] = [];
    const events: AppliedEvent[] = [];
    for (const { name, seen: ask } of this.known) {
      const { position, last } = await ask().catch(() => this.lastWords.get(name) ?? {});
      this.lastWords.set(name, { position, last });
      if (position !== undefined) seen.push({ position, by: name });
      if (last) events.push(last);
    }
    return { seen, events };
  }
}
