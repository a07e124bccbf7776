import { chown, mkdir, rename, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { locateBinaries, type PostgresBinaries } from '../../../src/postgres/embedded/binaries.js';
import { prepareLayout, type ServerLayout } from '../../../src/postgres/embedded/layout.js';
import {
  initialiseCluster,
  launchPostmaster,
  type Postmaster,
  stopPostmaster,
  SUPERUSER,
} from '../../../src/postgres/embedded/postmaster.js';
import { eventually } from '../../support/eventually.js';
import { type Loss, MountedDisk } from './disk/mount.js';
import type { Keeper } from './keeper.js';
import { byteOf, turnBit } from './rotten-page.js';
import { prepareStandby } from './standby.js';

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: 300,
  shared_buffers: '64MB',
  io_method: 'sync',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_messages: 'fatal',
};

const MOST_ROTTING = 10;

/** Where no disk can lose anything, what a killed process had written is safe without waiting for it. */
const settingsOn = (disk: MountedDisk | undefined) => ({
  ...SETTINGS,
  fsync: disk ? 'on' : 'off',
  // What a disk has after a loss of power it has: no file needs to be synced again, one by one.
  ...(disk && { recovery_init_sync_method: 'syncfs' }),
});

/**
 * A PostgreSQL that may be stopped in the middle of anything. Its port changes with every start. Its data is on a disk that can lose what
 * was not synced, where the machine allows one.
 */
export class PostgresServer {
  private postmaster: Postmaster;

  private constructor(
    private readonly binaries: PostgresBinaries,
    private readonly layout: ServerLayout,
    private readonly keeper: Keeper,
    private readonly disk: MountedDisk | undefined,
    postmaster: Postmaster,
  ) {
    this.postmaster = postmaster;
  }

  /** @param fragile whether its disk is to be one that loses what was not synced */
  static async start(folder: string, keeper: Keeper, fragile = false): Promise<PostgresServer> {
    const quiet = () => undefined;
    const layout = await prepareLayout(join(folder, 'postgres'), quiet);
    keeper.folder(layout.dataDir);
    const binaries = await locateBinaries(layout.user, quiet);
    await initialiseCluster(binaries, layout, settingsOn(undefined));
    const disk = fragile ? await onFragileDisk(layout, keeper) : undefined;
    const postmaster = await launchPostmaster(binaries, layout, settingsOn(disk));
    keeper.started(postmaster.pid);
    return new PostgresServer(binaries, layout, keeper, disk, postmaster);
  }

  get port(): number {
    return this.postmaster.port;
  }

  /** @param port of a link to it; its own by default */
  url(database: string, port = this.port): string {
    return `postgres://${SUPERUSER}:${this.layout.password}@127.0.0.1:${port}/${database}`;
  }

  async createDatabase(name: string, template = 'template1'): Promise<void> {
    await this.query('postgres', `CREATE DATABASE ${name} TEMPLATE ${template}`);
  }

  async dropDatabase(name: string): Promise<void> {
    await this.query('postgres', `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  }

  /** One that follows this one, in step with it by now. */
  async replica(): Promise<PostgresServer> {
    const { binaries, keeper } = this;
    const client = new pg.Client({ connectionString: this.url('postgres') });
    await client.connect();
    let layout;
    try {
      layout = await prepareStandby(this.layout, client);
    } finally {
      await client.end();
    }
    keeper.folder(layout.dataDir);
    const primary = `host=127.0.0.1 port=${this.port} user=${SUPERUSER} password=${this.layout.password}`;
    const settings = { ...settingsOn(undefined), primary_conninfo: primary };
    const postmaster = await launchPostmaster(binaries, layout, settings);
    keeper.started(postmaster.pid);
    const standby = new PostgresServer(binaries, layout, keeper, undefined, postmaster);
    const [end] = await this.query('postgres', 'SELECT pg_current_wal_lsn() AS place');
    const isInStep = async () =>
      (await standby.query('postgres', 'SELECT pg_last_wal_replay_lsn() >= $1 AS there', [end?.place]))[0]
        ?.there === true;
    await eventually(isInStep, { timeoutMs: 60_000, intervalMs: 50 });
    return standby;
  }

  /** It follows nobody from now on. */
  async promote(): Promise<void> {
    await this.query('postgres', 'SELECT pg_promote()');
  }

  /** Turns a bit of the first page of a table, on the disk and not in memory. Answers what puts it back, which stops the server as this does. */
  async rot(database: string, table: string): Promise<() => Promise<void>> {
    const [found] = await this.query(database, 'SELECT pg_relation_filepath($1) AS path', [table]);
    const path = join(this.layout.clusterDir, found?.path as string);
    for (let tries = 0; tries < MOST_ROTTING; tries++) {
      // What was changed after it is whole in the log of changes, and recovery writes it again: then it is not rotten.
      await this.query('postgres', 'CHECKPOINT');
      const rotten = await this.rotAt(path);
      if ((await byteOf(path)) === rotten) return async () => void (await this.rotAt(path));
    }
    throw new Error(`the first page of ${table} was changed right after each of ${MOST_ROTTING} checkpoints`);
  }

  private async rotAt(path: string): Promise<number> {
    this.immediateStop();
    await this.ended();
    const byte = await turnBit(path);
    await this.startAgain();
    return byte;
  }

  /** @throws Error where nobody would notice what a disk has changed */
  async assertChecksums(): Promise<void> {
    const [found] = await this.query('postgres', 'SHOW data_checksums');
    if (found?.data_checksums !== 'on') throw new Error('PostgreSQL runs without checksums of its pages');
  }

  /** As a backup of it would be: whoever uses it is cut off for a moment. */
  async copyDatabase(name: string, copy: string): Promise<void> {
    await this.alone(name, () => this.query('postgres', `CREATE DATABASE ${copy} TEMPLATE ${name}`));
  }

  async renameDatabase(from: string, to: string): Promise<void> {
    await this.alone(from, () => this.query('postgres', `ALTER DATABASE ${from} RENAME TO ${to}`), to);
  }

  private async alone(name: string, work: () => Promise<unknown>, nameAfterwards = name): Promise<void> {
    await this.query('postgres', `ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS false`);
    await this.query(
      'postgres',
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1',
      [name],
    );
    await eventually(
      async () =>
        (await this.query('postgres', 'SELECT 1 FROM pg_stat_activity WHERE datname = $1', [name])).length ===
        0,
    );
    await work();
    await this.query('postgres', `ALTER DATABASE ${nameAfterwards} WITH ALLOW_CONNECTIONS true`);
  }

  async query(database: string, text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: this.url(database) });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(text, values)).rows;
    } finally {
      await client.end();
    }
  }

  /** As `pg_ctl stop -m immediate`: nothing is finished and nothing is written out. */
  immediateStop(): void {
    process.kill(this.postmaster.pid, 'SIGQUIT');
  }

  /** After an immediate stop: recovers from the write-ahead log. */
  async startAgain(): Promise<void> {
    await this.ended();
    this.postmaster = await launchPostmaster(this.binaries, this.layout, settingsOn(this.disk));
    this.keeper.started(this.postmaster.pid);
  }

  /**
   * The power goes: what was not synced is lost in part, and blocks are torn. To be followed by `startAgain`. Undefined where the disk is
   * none that loses anything.
   */
  async cutPower(seed: string): Promise<Loss | undefined> {
    const loss = await this.disk?.cut(seed);
    this.immediateStop();
    await this.ended();
    await this.disk?.restart();
    return loss;
  }

  private async ended(): Promise<void> {
    const { pid } = this.postmaster;
    await eventually(() => !isAlive(pid), { timeoutMs: 30_000 });
    this.keeper.ended(pid);
  }

  async stop(): Promise<void> {
    await stopPostmaster(this.layout, this.postmaster);
    this.keeper.ended(this.postmaster.pid);
    await this.disk?.unmount();
  }
}

/** Moves the files below a disk that is mounted where they were. */
async function onFragileDisk(layout: ServerLayout, keeper: Keeper): Promise<MountedDisk | undefined> {
  const { clusterDir, user } = layout;
  const below = `${clusterDir}.disk`;
  await rename(clusterDir, below);
  await mkdir(clusterDir, { mode: 0o700 });
  if (user) await chown(clusterDir, user.uid, user.gid);
  const disk = await MountedDisk.mount(below, clusterDir, keeper);
  if (disk) return disk;
  await rmdir(clusterDir);
  await rename(below, clusterDir);
  return undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
