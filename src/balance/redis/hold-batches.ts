import { CacheUnavailable } from '../cached-balance.js';
import type { Reply } from './connection.js';

interface Waiting {
  readonly texts: readonly string[];
  readonly resolve: (answer: Reply) => void;
  readonly reject: (error: unknown) => void;
}

/** A script of this size keeps Redis busy for some half a millisecond. */
const MAX_HOLDS_A_SCRIPT = 64;

/**
 * Holds that are asked for in one turn of the event loop travel in one script: with many calls at once half of what each costs, here
 * and in Redis, is the sending. One that is alone waits for nothing but the end of its turn.
 */
export class HoldBatches {
  private waiting: Waiting[] = [];

  /** @param send runs the script with the texts of some holds */
  constructor(private readonly send: (texts: readonly string[]) => Promise<Reply>) {}

  /** @param texts of one hold, as the script takes them. Answers what the script says of it. */
  place(texts: readonly string[]): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ texts, resolve, reject });
      if (this.waiting.length === 1) setImmediate(() => this.dispatch());
    });
  }

  private dispatch(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (let from = 0; from < waiting.length; from += MAX_HOLDS_A_SCRIPT)
      void this.deliver(waiting.slice(from, from + MAX_HOLDS_A_SCRIPT));
  }

  private async deliver(batch: readonly Waiting[]): Promise<void> {
    try {
      const texts = batch.flatMap((hold) => [String(hold.texts.length), ...hold.texts]);
      const [, ...answers] = await this.send(texts);
      for (const [index, { resolve }] of batch.entries()) resolve(replyOf(answers[index]));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}

/** What a script answers of one hold. @throws CacheUnavailable */
export function replyOf(answer: string | readonly string[] | undefined): Reply {
  if (!Array.isArray(answer) || typeof answer[0] !== 'string')
    throw new CacheUnavailable('the cached balance left out the answer to a hold');
  return answer as unknown as Reply;
}
