import cluster from 'node:cluster';
import { readConfig, type StartOptions } from './config.js';
import { startService } from './compose/service.js';
import { openFellowWorkers } from './support/fellow-workers.js';
import { createLogger } from './support/logger.js';

/** What a step of the shutdown could not let go keeps the process no longer than this. */
const LINGER_MS = 5_000;

/**
 * Starts the service and ends it in order on SIGTERM or SIGINT; a second signal ends it at once. Where it is to have several workers, they
 * are started instead, each of which comes by here. Resolves with the exit code.
 */
export async function serve(options: StartOptions = {}): Promise<number> {
  if (options.workers !== undefined && cluster.isPrimary) {
    const { serveWorkers } = await import('./serve-workers.js');
    return serveWorkers(options.workers, options);
  }
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
  const fellows = cluster.isWorker ? openFellowWorkers(() => end(0)) : undefined;
  let signals = 0;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      // A terminal tells the whole group, and whoever started the workers tells them.
      if (fellows && signal === 'SIGINT') return;
      signals += 1;
      if (signals > 1) process.exit(130);
      log.info({ signal }, 'shutting down');
      end(0);
    });
  }
  const service = await startService(config, log, die, fellows);
  fellows?.ready(service.url);
  const code = await ended;
  await service.close();
  log.info({ code }, 'stopped');
  // What ties a worker to the others would keep it.
  if (fellows) cluster.worker?.disconnect();
  setTimeout(() => process.exit(code), LINGER_MS).unref();
  return code;
}
