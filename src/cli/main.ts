#!/usr/bin/env node
import { exitCodes } from './exit-codes.js';
import { hasReaderLeft, watchReaders } from './output.js';
import { runCommand } from './run-command.js';

watchReaders();
await runCommand(process.argv);
// At the very end: the last lines may still be refused after the command has told its own code.
process.once('exit', () => {
  if (hasReaderLeft()) process.exitCode = exitCodes.readerLeft;
});
