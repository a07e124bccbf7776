/** Calls `fn` until it neither throws, rejects nor answers false; then answers its result. Fails with the last error after `timeoutMs`. */
export async function eventually<T>(
  fn: () => T | Promise<T>,
  { timeoutMs = 5_000, intervalMs = 10 } = {},
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const failure = await attempt(fn);
    if ('value' in failure) return failure.value;
    if (Date.now() >= deadline) throw failure.error;
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
