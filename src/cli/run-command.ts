import { CommanderError } from 'commander';
import { exitCodeOf } from './context.js';
import { exitCodes } from './exit-codes.js';
import { hasReaderLeft } from './output.js';
import { createProgram } from './program.js';

/**
 * Runs one command to its end. What it found is told by `process.exitCode`, which stays as it is when all is clean.
 *
 * @param args as `process.argv`, with the two words before the command
 */
export async function runCommand(args: readonly string[]): Promise<void> {
  try {
    await createProgram().parseAsync(args);
  } catch (error) {
    if (!hasReaderLeft()) process.exitCode = report(error);
  }
}

/** One line (or all faults of the environment) on stderr; the stack is for a debugger, not for an operator. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.clean : exitCodes.usage;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return exitCodeOf(error);
}
