/** What the exit code tells a script. */
export const exitCodes = {
  clean: 0,
  differences: 1,
  usage: 2,
  cannotConnect: 3,
  /** As a shell tells the end by SIGPIPE: the reader of stdout went before all was written. */
  readerLeft: 141,
} as const;

/** A mistake of the caller's: one line on stderr, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
