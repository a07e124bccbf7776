import type { Logger } from 'pino';
import { type Config, readConfig } from '../config.js';
import { type AnyLog, openLogAsItIs } from '../compose/any-log.js';
import { type Foundation, openFoundation } from '../compose/ledger.js';
import { ShutdownList } from '../compose/shutdown.js';
import { createLogger } from '../support/logger.js';
import { BooksDisagree } from '../books/audit/faults.js';
import { isUnavailable } from '../support/unavailable.js';
import { exitCodes } from './exit-codes.js';
import { processTerminal, type Terminal } from './output.js';

/** What every command is given. */
export interface CommandContext {
  readonly config: Config;
  readonly log: Logger;
  readonly terminal: Terminal;
}

/** The ledger could not be opened: exit code 3. */
class CannotConnect extends Error {
  override readonly name = 'CannotConnect';
}

export function createContext(): CommandContext {
  const config = readConfig();
  // Results go to stdout; of the service's own lines only what is wrong is of interest here, on stderr.
  return {
    config,
    log: createLogger(config.logLevel === 'info' ? 'warn' : config.logLevel, 'stderr'),
    terminal: processTerminal,
  };
}

/** Opens log and database, runs, and lets everything go again, whatever happened. @throws CannotConnect */
export async function withFoundation<Result>(
  { config, log }: CommandContext,
  run: (foundation: Foundation) => Promise<Result>,
): Promise<Result> {
  const shutdown = new ShutdownList(log);
  try {
    const foundation = await openFoundation({ config, log, shutdown }).catch((cause: unknown) => {
      throw new CannotConnect(cause instanceof Error ? cause.message : String(cause), { cause });
    });
    return await run(foundation);
  } finally {
    await shutdown.run();
  }
}

/** As withFoundation, on a log that need not be the right one. @throws CannotConnect */
export async function withLogAsItIs<Result>(
  { config, log }: CommandContext,
  run: (found: AnyLog) => Promise<Result>,
): Promise<Result> {
  const shutdown = new ShutdownList(log);
  try {
    const found = await openLogAsItIs({ config, log, shutdown }).catch((cause: unknown) => {
      throw new CannotConnect(cause instanceof Error ? cause.message : String(cause), { cause });
    });
    return await run(found);
  } finally {
    await shutdown.run();
  }
}

/** The exit code of an error that ended a command. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CannotConnect || isUnavailable(error)) return exitCodes.cannotConnect;
  if (error instanceof BooksDisagree) return exitCodes.differences;
  return exitCodes.usage;
}
