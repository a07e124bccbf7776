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
import type { Keeper } from './keeper.js';

/** Safe against the death of processes, which is what happens here; power cuts do not. */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'off',
  max_connections: 300,
  shared_buffers: '64MB',
  io_method: 'sync',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_messages: 'fatal',
};

/** A PostgreSQL that may be stopped in the middle of anything. Its port changes with every start. */
export class PostgresServer {
  private postmaster: Postmaster;

  private constructor(
    private readonly binaries: PostgresBinaries,
    private readonly layout: ServerLayout,
    private readonly keeper: Keeper,
    postmaster: Postmaster,
  ) {
    this.postmaster = postmaster;
  }

  static async start(folder: string, keeper: Keeper): Promise<PostgresServer> {
    const quiet = () => undefined;
    const layout = await prepareLayout(join(folder, 'postgres'), quiet);
    keeper.folder(layout.dataDir);
    const binaries = await locateBinaries(layout.user, quiet);
    await initialiseCluster(binaries, layout, SETTINGS);
    const postmaster = await launchPostmaster(binaries, layout, SETTINGS);
    keeper.started(postmaster.pid);
    return new PostgresServer(binaries, layout, keeper, postmaster);
  }

  get port(): number {
    return this.postmaster.port;
  }

  /** @param port of a link to it; its own by default */
  url(database: string, port = this.port): string {
    return `postgres://${SUPERUSER}:${this.layout.password}@127.0.0.1:${port}/${database}`;
  }

  async createDatabase(name: string): Promise<void> {
    await this.query('postgres', `CREATE DATABASE ${name}`);
  }

  async dropDatabase(name: string): Promise<void> {
    await this.query('postgres', `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
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
    const { pid } = this.postmaster;
    await eventually(() => !isAlive(pid), { timeoutMs: 30_000 });
    this.keeper.ended(pid);
    this.postmaster = await launchPostmaster(this.binaries, this.layout, SETTINGS);
    this.keeper.started(this.postmaster.pid);
  }

  async stop(): Promise<void> {
    await stopPostmaster(this.layout, this.postmaster);
    this.keeper.ended(this.postmaster.pid);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
