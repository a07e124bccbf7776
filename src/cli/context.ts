import type { Logger } from 'pino';
import { type Config, readConfig } from '../config.js';
import { type AnyLog, openLogAsItIs } from '../compose/any-log.js';
import { type Foundation, openFoundation } from '../compose/ledger.js';
import type { Base } from '../compose/base.js';
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

/** Runs, and lets go of everything that was opened, whatever happened. */
export async function withShutdown<Result>(
  { config, log }: CommandContext,
  run: (base: Base) => Promise<Result>,
): Promise<Result> {
  const shutdown = new ShutdownList(log);
  try {
    return await run({ config, log, shutdown });
  } finally {
    await shutdown.run();
  }
}

/** Opens log and database, runs, and lets everything go again, whatever happened. @throws CannotConnect */
export async function withFoundation<Result>(
  context: CommandContext,
  run: (foundation: Foundation) => Promise<Result>,
): Promise<Result> {
  return withShutdown(context, async (base) => run(await openFoundation(base).catch(cannotConnect)));
}

/** As withFoundation, on a log that need not be the right one. @throws CannotConnect */
export async function withLogAsItIs<Result>(
  context: CommandContext,
  run: (found: AnyLog) => Promise<Result>,
): Promise<Result> {
  return withShutdown(context, async (base) => run(await openLogAsItIs(base).catch(cannotConnect)));
}

function cannotConnect(cause: unknown): never {
  throw new CannotConnect(cause instanceof Error ? cause.message : String(cause), { cause });
}

/** The exit code of an error that ended a command. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CannotConnect || isUnavailable(error)) return exitCodes.cannotConnect;
  if (error instanceof BooksDisagree) return exitCodes.differences;
  return exitCodes.usage;
}
