import { parseArgs } from 'node:util';
import { SettingsFileFault } from './compose/settings-file.js';
import { ConfigError, type StartOptions } from './config.js';
import { serve } from './serve.js';
import { workersOf } from './config-values.js';

/** The faults of an environment as a person reads them. */
function explainStart(error: unknown): string {
  return error instanceof ConfigError
    ? error.message
    : `cannot start: ${error instanceof Error ? error.message : String(error)}`;
}

/** 2: the environment or the bootstrap file is at fault; 3: something that is needed cannot be reached or started. */
function exitCodeOf(error: unknown): number {
  return error instanceof ConfigError || error instanceof SettingsFileFault ? 2 : 3;
}

/** `--with-mock`, as npm start has it, is `--mock-upstream`. @throws ConfigError for anything else */
function startOptions(args: readonly string[]): StartOptions {
  try {
    const options = {
      'with-mock': { type: 'boolean' },
      'mock-upstream': { type: 'boolean' },
      workers: { type: 'string' },
    } as const;
    const { values } = parseArgs({ args: [...args], options });
    const mockUpstream = values['with-mock'] === true || values['mock-upstream'] === true;
    return { mockUpstream, workers: values.workers === undefined ? undefined : workersOf(values.workers) };
  } catch (error) {
    throw new ConfigError([`the command line: ${(error as Error).message}`]);
  }
}

try {
  process.exitCode = await serve(startOptions(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`${explainStart(error)}\n`);
  process.exitCode = exitCodeOf(error);
}
