import { realpathSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { BootstrapFault } from './compose/bootstrap.js';
import { ConfigError, readConfig, type StartOptions } from './config.js';
import { startService } from './compose/service.js';
import { createLogger } from './support/logger.js';

/** What a step of the shutdown could not let go keeps the process no longer than this. */
const LINGER_MS = 5_000;

/** Starts the service and ends it in order on SIGTERM or SIGINT; a second signal ends it at once. Resolves with the exit code. */
export async function serve(options: StartOptions = {}): Promise<number> {
  const config = readConfig(process.env, options);
  const log = createLogger(config.logLevel);
  let end: (code: number) => void = () => undefined;
  const ended = new Promise<number>((resolve) => (end = resolve));
  const die = (error: unknown) => {
    log.fatal({ err: error }, 'the process cannot go on');
    end(1);
  };
  process.on('uncaughtException', die);
  process.on('unhandledRejection', die);
  let signals = 0;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      signals += 1;
      if (signals > 1) process.exit(130);
      log.info({ signal }, 'shutting down');
      end(0);
    });
  }
  const service = await startService(config, log, die);
  const code = await ended;
  await service.close();
  log.info({ code }, 'stopped');
  setTimeout(() => process.exit(code), LINGER_MS).unref();
  return code;
}

/** The faults of an environment as a person reads them. */
export function explainStart(error: unknown): string {
  return error instanceof ConfigError
    ? error.message
    : `cannot start: ${error instanceof Error ? error.message : String(error)}`;
}

/** 2: the environment or the bootstrap file is at fault; 3: something that is needed cannot be reached or started. */
function exitCodeOf(error: unknown): number {
  return error instanceof ConfigError || error instanceof BootstrapFault ? 2 : 3;
}

/** `--with-mock`, as npm start has it, is `--mock-upstream`. @throws ConfigError for anything else */
function startOptions(args: readonly string[]): StartOptions {
  try {
    const options = { 'with-mock': { type: 'boolean' }, 'mock-upstream': { type: 'boolean' } } as const;
    const { values } = parseArgs({ args: [...args], options });
    return { mockUpstream: values['with-mock'] === true || values['mock-upstream'] === true };
  } catch (error) {
    throw new ConfigError([`the command line: ${(error as Error).message}`]);
  }
}

const [, startedAs, ...args] = process.argv;
if (startedAs && realpathSync(startedAs) === import.meta.filename) {
  try {
    process.exitCode = await serve(startOptions(args));
  } catch (error) {
    process.stderr.write(`${explainStart(error)}\n`);
    process.exitCode = exitCodeOf(error);
  }
}
