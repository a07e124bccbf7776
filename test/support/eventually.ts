/**
 * How long is waited for what must come: far longer than anything takes on a busy machine, and shorter than a test may take. It is there for what
 * never comes, so nobody should choose a shorter one.
 */
export const PATIENCE_MS = 90_000;

/** What is waited for: an answer. `T | undefined` is none, since undefined would end the wait like any other answer: such a function throws, or answers false. */
type Answer<T> = [T] extends [void] ? T : undefined extends T ? never : T;

/**
 * Calls `fn` until it neither throws, rejects nor answers false; then answers its result. Fails with the last error after
 * `timeoutMs`, and never earlier than PATIENCE_MS.
 */
export async function eventually<T>(
  fn: () => Answer<T> | Promise<Answer<T>>,
  { timeoutMs = PATIENCE_MS, intervalMs = 10 } = {},
): Promise<Exclude<T, false>> {
  const deadline = performance.now() + Math.max(timeoutMs, PATIENCE_MS);
  for (;;) {
    const failure = await attempt(fn);
    if ('value' in failure) return failure.value;
    if (performance.now() >= deadline) throw failure.error;
    await new Promise((resolve) => setTimeout(resolve, intervalMs));
  }
}

async function attempt<T>(
  fn: () => T | Promise<T>,
): Promise<{ value: Exclude<T, false> } | { error: Error }> {
  try {
    const value = await fn();
    return value === false
      ? { error: new Error(`still false: ${String(fn)}`) }
      : { value: value as Exclude<T, false> };
  } catch (error) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }
}
