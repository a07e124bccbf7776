#!/usr/bin/env node
import { CommanderError } from 'commander';
import { exitCodeOf } from './context.js';
import { exitCodes } from './exit-codes.js';
import { hasReaderLeft, watchReaders } from './output.js';
import { createProgram } from './program.js';

watchReaders();
try {
  await createProgram().parseAsync();
} catch (error) {
  if (!hasReaderLeft()) process.exitCode = report(error);
}
// At the very end: the last lines may still be refused after the command has told its own code.
process.once('exit', () => {
  if (hasReaderLeft()) process.exitCode = exitCodes.readerLeft;
});

/** One line (or all faults of the environment) on stderr; the stack is for a debugger, not for an operator. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.clean : exitCodes.usage;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return exitCodeOf(error);
}
