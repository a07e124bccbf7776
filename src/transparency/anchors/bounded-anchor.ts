import type { Anchor } from './anchor.js';

/** A start, a signing and `verify` wait for what an anchor remembers. */
const REMEMBERED_WITHIN_MS = 5_000;

/**
 * An anchor whose answer may never come, as of a folder whose server hangs: nobody waits for it longer than they said. It is asked one thing at a time,
 * since each that is not answered keeps a thread of this process from all other files.
 */
export function boundedAnchor(anchor: Anchor, rememberedWithinMs = REMEMBERED_WITHIN_MS): Anchor {
  let asked: Promise<unknown> = Promise.resolve();
  const ask = async <Answer>(work: () => Promise<Answer>, signal: AbortSignal): Promise<Answer> => {
    const before = asked;
    const answer = before.then(() => {
      signal.throwIfAborted();
      return work();
    });
    asked = answer.catch(() => undefined);
    return Promise.race([answer, abortOf(signal)]);
  };
  return {
    ...anchor,
    take: (given, signal) => ask(() => anchor.take(given, signal), signal),
    ...(anchor.remembered && {
      remembered: () => ask(async () => anchor.remembered?.(), AbortSignal.timeout(rememberedWithinMs)),
    }),
  };
}

/** Rejects with the reason of a signal, once it is given. */
const abortOf = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const end = () => reject(signal.reason as Error);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
