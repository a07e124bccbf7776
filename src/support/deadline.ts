/** What was asked for did not come in time. It may still happen: nobody can say. */
export class DeadlinePassed extends Error {
  override readonly name = 'DeadlinePassed';

  constructor(readonly deadlineMs: number) {
    super(`no answer within ${Math.round(deadlineMs)} ms`);
  }
}

/**
 * The answer, or a rejection with DeadlinePassed after `deadlineMs`. The work itself is not stopped: `onLate` is told,
 * and may stop it; whatever it still answers is dropped. Work that is a function may say `alive` whenever it got on:
 * its time then counts from there.
 */
export async function withDeadline<T>(
  work: Promise<T> | ((alive: () => void) => Promise<T>),
  deadlineMs: number,
  onLate?: () => void,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      timer = undefined;
      // First, so that what onLate breaks off cannot answer in its place.
      reject(new DeadlinePassed(deadlineMs));
      onLate?.();
    }, deadlineMs);
  });
  try {
    const answer = typeof work === 'function' ? work(() => timer?.refresh()) : work;
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
    timer = undefined;
  }
}
