/** What the exit code tells a script. */
export const exitCodes = { clean: 0, differences: 1, usage: 2, cannotConnect: 3 } as const;

/** A mistake of the caller's: one line on stderr, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
