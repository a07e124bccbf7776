/**
 * Runs `task` again and again, never two at once: the next run starts as many milliseconds after the end of the last one as that
 * answered. The task must not reject. Answers the way to stop, which waits for the run under way.
 */
export function repeat(firstAfterMs: number, task: () => Promise<number>): () => Promise<void> {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  const schedule = (delayMs: number) => {
    if (stopped) return;
    timer = setTimeout(() => {
      running = task().then(schedule);
    }, delayMs);
  };
  schedule(firstAfterMs);
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await running;
  };
}
