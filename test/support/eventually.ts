/**
 * How long is waited for what must come: far longer than anything takes on a busy machine, and shorter than a test may take. It is there for what
 * never comes, so nobody should choose a shorter one.
 */
export const PATIENCE_MS = 90_000;

/**
 * Calls `fn` until it neither throws, rejects nor answers false; then answers its result. Fails with the last error after
 * `timeoutMs`, and never earlier than PATIENCE_MS.
 */
export async function eventually<T>(
  fn: () => T | Promise<T>,
  { timeoutMs = PATIENCE_MS, intervalMs = 10 } = {},
): Promise<T> {
  const deadline = performance.now() + Math.max(timeoutMs, PATIENCE_MS);
  for (;;) {
    const failure = await attempt(fn);
    if ('value' in failure) return failure.value;
    if (performance.now() >= deadline) throw failure.error;
    await new Promise((resolve) => setTimeout(resolve, intervalMs));
  }
}

async function attempt<T>(fn: () => T | Promise<T>): Promise<{ value: T } | { error: Error }> {
  try {
    const value = await fn();
    return value === false ? { error: new Error(`still false: ${String(fn)}`) } : { value };
  } catch (error) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }
}
