import type { SeenLog } from '../../eventstore/applied-event.js';
import { BEFORE_FIRST } from '../../eventstore/event-store.js';
import type { Seen } from './expected-log.js';

/** Whoever has seen a place of the log, and remembers it. */
export interface Witness {
  readonly name: string;
  /** Rejects where it cannot be asked. An older copy of the log may have grown past any position: an event that it has not tells them apart. */
  readonly seen: () => Promise<SeenLog>;
  /** Remembers it for others, where it is farther than what was seen. Rejects where it cannot be told. */
  readonly tell?: (seen: SeenLog) => Promise<void>;
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
  async hear(): Promise<readonly Seen[]> {
    const heard: Seen[] = [];
    for (const { name, seen } of this.known) {
      const word = await seen().catch(() => this.lastWords.get(name) ?? {});
      this.lastWords.set(name, word);
      heard.push({ ...word, by: name });
    }
    return heard;
  }

  /** Tells them what they do not know. Who cannot be told now is told at the next look. */
  async tell(known: SeenLog): Promise<void> {
    const { position } = known;
    if (position === undefined) return;
    for (const { name, tell } of this.known) {
      if (!tell || position <= (this.lastWords.get(name)?.position ?? BEFORE_FIRST)) continue;
      await tell(known).catch(() => undefined);
    }
  }
}
