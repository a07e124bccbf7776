import { readConfig, type StartOptions } from './config.js';
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
