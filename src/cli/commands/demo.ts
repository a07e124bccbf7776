import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { Logger } from 'pino';
import type { Service } from '../../compose/service.js';
import { readConfig } from '../../config.js';
import { verifyBooks } from '../../books/verify/verify-books.js';
import { createLogger } from '../../support/logger.js';
import { createDemoClient } from '../demo/client.js';
import { showDoors } from '../demo/doors.js';
import { tellPayments } from '../demo/payments-story.js';
import { DEMO_USER, tellStory } from '../demo/story.js';
import { exitCodes, UsageError } from '../exit-codes.js';
import { processTerminal, type Terminal } from '../output.js';
import { driftOf } from '../../books/verify/check.js';
import { reportVerification } from '../verification-report.js';

const WAIT_MS = 10_000;

/** What a demo has no business with. */
const LEFT_ALONE = ['DATABASE_URL', 'REDIS_URL'] as const;

/**
 * `counterfoil demo`: everything embedded, in a directory that is gone afterwards unless it is to be kept; the log where EVENTSTORE_URL
 * says. A log that has a ledger already is refused, as by any start with other tables.
 */
export function addDemoCommand(program: Command): void {
  program
    .command('demo')
    .description('play the story of one user on embedded servers and verify the books')
    .option(
      '--keep <directory>',
      'a new directory for its data, for other commands with DATA_DIR=<directory>',
    )
    .option('--payments', 'another story: orders that are paid at the test provider', false)
    .option('--stay', 'go on running until Ctrl+C; in a terminal it does', isTerminal())
    .option('--no-stay', 'end after the story')
    .action(async ({ keep, payments, stay }: { keep?: string; payments: boolean; stay: boolean }) => {
      const directory =
        keep === undefined ? await mkdtemp(join(tmpdir(), 'counterfoil-demo-')) : await makeNew(keep);
      // PostgreSQL does not run as root: whoever it runs as must get to its files.
      await chmod(directory, 0o755);
      try {
        const story = payments ? tellPayments : tellStory;
        const log = createLogger('error', 'stderr');
        process.exitCode = await playDemo(directory, { story, stay }, processTerminal, log);
      } finally {
        if (keep === undefined) await rm(directory, { recursive: true, force: true });
      }
    });
}

async function makeNew(directory: string): Promise<string> {
  await mkdir(directory, { recursive: true });
  if ((await readdir(directory)).length > 0) throw new UsageError(`--keep: ${directory} is not empty`);
  return resolve(directory);
}

/** Somebody looks at it and can end it. */
const isTerminal = () => process.stdin.isTTY && process.stdout.isTTY;

interface Play {
  readonly story: typeof tellStory;
  readonly stay: boolean;
}

async function playDemo(
  directory: string,
  { story, stay }: Play,
  terminal: Terminal,
  log: Logger,
): Promise<number> {
  const { EVENTSTORE_URL } = process.env;
  terminal.out(`Counterfoil demo: embedded PostgreSQL, balances in memory, a local upstream.`);
  terminal.out(
    EVENTSTORE_URL ? 'Its log is what EVENTSTORE_URL names, and stays there.' : 'Its log is in PostgreSQL.',
  );
  const leftAlone = LEFT_ALONE.filter((name) => process.env[name]);
  if (leftAlone.length > 0) terminal.out(`Left alone: ${leftAlone.join(', ')}.`);
  const serviceKey = `demo-${randomBytes(16).toString('hex')}`;
  const config = readConfig(
    { PORT: '0', DATA_DIR: directory, SERVICE_KEYS: serviceKey, EVENTSTORE_URL },
    { mockUpstream: true, openOutbox: true, testPayments: true },
  );
  // Not before it is wanted: no other command needs all of the service.
  const { startService } = await import('../../compose/service.js');
  const service = await startService(config, log, (error) => terminal.err(error.message));
  try {
    terminal.out(`Listening on ${service.url}.`);
    const client = createDemoClient(service.url, serviceKey);
    await story(client, terminal);
    await showDoors(service, client, DEMO_USER, terminal);
    const code = await verify(service, terminal);
    if (stay) await untilAskedToEnd(terminal);
    return code;
  } finally {
    await service.close();
  }
}

function untilAskedToEnd(terminal: Terminal): Promise<void> {
  terminal.out('\nIt runs until Ctrl+C.');
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}

async function verify({ ledger }: Service, terminal: Terminal): Promise<number> {
  const { store, database, cache, readModels } = ledger;
  await readModels.waitFor(await store.head(), WAIT_MS);
  const verification = await verifyBooks({ store, pool: database.pool, cachedBalance: cache });
  terminal.out(`\nThe books, folded from the log and compared with every read model and the cache:\n`);
  terminal.out(reportVerification(verification));
  return driftOf(verification) === 0 ? exitCodes.clean : exitCodes.differences;
}
