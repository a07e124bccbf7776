import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { pino } from 'pino';
import type { Service } from '../../../src/compose/service.js';
import type { Base } from '../../../src/compose/base.js';
import type { Build } from '../build/build.js';
import { SERVICE_KEY } from '../../acceptance/support/deployment.js';
import type { PostgresServer } from '../cluster/postgres.js';
import type * as serviceModule from '../../../src/compose/service.js';
import type * as shutdownModule from '../../../src/compose/shutdown.js';
import type * as configModule from '../../../src/config.js';
import type * as migrateModule from '../../../src/postgres/migrate.js';
import type * as poolModule from '../../../src/postgres/pool.js';

export type Variables = Readonly<Record<string, string>>;

const silent = pino({ level: 'silent' });
/** The database that all others are copies of. */
export const TEMPLATE = 'migrated';

/** What is loaded of a build here. */
export const MODULES = [
  'backup/write/write-backup.ts',
  'balance/in-process/in-process-cached-balance.ts',
  'balance/raise-guards.ts',
  'books/liability/close-liability.ts',
  'commands/usage/record-usage.ts',
  'compose/any-log.ts',
  'compose/backup.ts',
  'compose/liability.ts',
  'compose/restore.ts',
  'compose/service.ts',
  'compose/shutdown.ts',
  'config.ts',
  'eventstore/postgres/postgres-event-store.ts',
  'postgres/migrate.ts',
  'postgres/pool.ts',
  'projections/all-projections.ts',
  'projections/runtime/rebuild.ts',
  'relay/holds/hold-leases.ts',
  'relay/holds/open-holds.ts',
] as const;

/** Where one build is tried, in this process: its own modules, and databases of a PostgreSQL that others use as well. */
export class Ground {
  private readonly running: (() => Promise<unknown>)[] = [];

  constructor(
    readonly folder: string,
    readonly postgres: PostgresServer,
    private readonly build: Build,
  ) {}

  /** A module of the build, by its place in `src`. */
  async load<Module>(module: (typeof MODULES)[number]): Promise<Module> {
    const file = join(this.build.main, '..', module.replace(/\.ts$/, '.js'));
    return (await import(pathToFileURL(file).href)) as Module;
  }

  /** What a process of a ledger of its own is started with: a database that nobody has begun, and a master key. */
  async newLedger(): Promise<Variables> {
    const name = `canary_${randomUUID().replaceAll('-', '')}`;
    await this.postgres.query('postgres', `CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`);
    return {
      PORT: '0',
      DATA_DIR: join(this.folder, name),
      DATABASE_URL: this.postgres.url(name),
      MASTER_KEY: randomBytes(32).toString('base64'),
      SERVICE_KEYS: SERVICE_KEY,
    };
  }

  async start(variables: Variables): Promise<Service> {
    const { startService } = await this.load<typeof serviceModule>('compose/service.ts');
    const { config } = await this.base(variables);
    const service = await startService(config, silent, () => undefined);
    this.running.push(() => service.close());
    return service;
  }

  /** As a command of the CLI has it. */
  async base(variables: Variables): Promise<Base> {
    const { readConfig } = await this.load<typeof configModule>('config.ts');
    const { ShutdownList } = await this.load<typeof shutdownModule>('compose/shutdown.ts');
    const shutdown = new ShutdownList(silent);
    this.running.push(() => shutdown.run());
    return { config: readConfig({ ...variables }), log: silent, shutdown };
  }

  /** Something that is let go with all the rest. */
  until(end: () => Promise<unknown>): void {
    this.running.push(end);
  }

  /** The last one first. */
  async clear(): Promise<void> {
    for (const end of this.running.splice(0).reverse()) await end().catch(() => undefined);
  }
}

/** @param build one that nothing is wrong with yet */
export async function prepareTemplate(postgres: PostgresServer, build: Build): Promise<void> {
  await postgres.createDatabase(TEMPLATE);
  const ground = new Ground('', postgres, build);
  const { createPool } = await ground.load<typeof poolModule>('postgres/pool.ts');
  const { migrate } = await ground.load<typeof migrateModule>('postgres/migrate.ts');
  const pool = createPool({ connectionString: postgres.url(TEMPLATE), max: 2, applicationName: 'canaries' });
  await migrate(pool);
  await pool.end();
}
