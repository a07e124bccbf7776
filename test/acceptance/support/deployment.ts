import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sealsOf } from '../../../src/compose/seals.js';
import type { EventStore } from '../../../src/eventstore/event-store.js';
import { createEventStoreDb } from '../../../src/eventstore/eventstoredb/event-store-db.js';
import { createPostgresEventStore } from '../../../src/eventstore/postgres/postgres-event-store.js';
import { eventually } from '../../support/eventually.js';
import { type StandInCluster, startStandInCluster } from '../../support/eventstoredb-stand-in/cluster.js';
import { type EventStoreStandIn, startEventStoreStandIn } from '../../support/eventstoredb-stand-in/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';
import { startRedis, type TestRedis } from '../../support/redis.js';
import { ServiceProcess } from '../../support/service-process.js';
import { RecordingUpstream } from './upstream.js';

export const SERVICE_KEY = 'acceptance-service-key';
/** Quota a call of the model `per-call` costs: $0.02. */
export const PER_CALL = 10_000;

const BOOTSTRAP = {
  prices: [
    { model: 'per-call', per_call_usd: 0.02 },
    { model: 'by-token', model_ratio: 0.8572, completion_ratio: 1, max_output_tokens: 200 },
    { model: 'free', model_ratio: 0 },
    // The one the demo's story is about.
    { model: 'gpt-4o-mini', model_ratio: 0.075, completion_ratio: 4, max_output_tokens: 200 },
    // Nobody can afford it: its refusal says what is available.
    { model: 'unaffordable', per_call_usd: 10_000_000 },
  ],
};

export interface Service {
  readonly process: ServiceProcess;
  readonly url: string;
}

export interface DeploymentOptions {
  /** `in-process`: one process only. */
  readonly cache: 'redis' | 'in-process';
  readonly log?: 'postgres' | 'eventstoredb' | 'three nodes of eventstoredb';
  /** The channel's `base_url`; by default that of the deployment's own upstream. */
  readonly upstreamUrl?: string;
  readonly upstreamType?: 'gemini';
  /** Of a second channel beside it, with the same share. */
  readonly secondUpstreamUrl?: string;
  /** Prices and channels beside those of every deployment. */
  readonly more?: { readonly prices: readonly object[]; readonly channels: readonly object[] };
}

/** Servers of one's own, and services on them that may be killed and started again. */
export class Deployment {
  readonly upstream = new RecordingUpstream();
  private openedDatabase: TestDatabase | undefined;
  private folder: string | undefined;
  private ofServices!: Record<string, string>;
  private openedRedis: TestRedis | undefined;
  private openedStandIn: EventStoreStandIn | undefined;
  private openedCluster: StandInCluster | undefined;
  private openedStore: EventStore | undefined;
  private readonly services: ServiceProcess[] = [];

  static async open(options: DeploymentOptions): Promise<Deployment> {
    const deployment = new Deployment();
    try {
      await deployment.prepare(options);
      return deployment;
    } catch (error) {
      await deployment.close();
      throw error;
    }
  }

  get database(): TestDatabase {
    if (!this.openedDatabase) throw new Error('this deployment is not open');
    return this.openedDatabase;
  }

  get redis(): TestRedis {
    if (!this.openedRedis) throw new Error('this deployment has no Redis');
    return this.openedRedis;
  }

  /** Of a command that an operator runs beside the services. */
  get environment(): Readonly<Record<string, string>> {
    return { ...this.ofServices, DATA_DIR: join(this.folder ?? '', 'operator') };
  }

  get redisUrl(): string | undefined {
    return this.openedRedis?.url;
  }

  get standIn(): EventStoreStandIn {
    if (!this.openedStandIn) throw new Error('this deployment has its log in PostgreSQL');
    return this.openedStandIn;
  }

  get cluster(): StandInCluster {
    if (!this.openedCluster) throw new Error('this deployment has no three nodes');
    return this.openedCluster;
  }

  /** The test's own way into the log, with the key that events are sealed with. */
  get store(): EventStore {
    const { eventStoreUrl } = this;
    const seals = sealsOf(Buffer.from(this.ofServices.MASTER_KEY ?? '', 'base64'));
    return (this.openedStore ??= eventStoreUrl
      ? createEventStoreDb({ connectionString: eventStoreUrl, deadlineMs: 5_000, seals })
      : createPostgresEventStore({ connectionString: this.database.url, seals }));
  }

  private get eventStoreUrl(): string | undefined {
    return (this.openedStandIn ?? this.openedCluster)?.connectionString;
  }

  /** Starts a process; `name` is its data directory, and stays its own when it is started again. Resolves when it is ready. */
  async start(
    name: string,
    environment: Readonly<Record<string, string>> = {},
    args: readonly string[] = [],
  ): Promise<Service> {
    const given = { ...this.ofServices, DATA_DIR: join(this.folder ?? '', name), ...environment };
    const process = new ServiceProcess(given, [], undefined, args);
    this.services.push(process);
    const url = await process.ready();
    await eventually(async () => (await fetch(`${url}/readyz`)).ok, { timeoutMs: 30_000, intervalMs: 50 });
    return { process, url };
  }

  /** Kills what runs and takes everything away, also after a failure. Rejects with the first thing that could not be taken away. */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    const steps = [
      ...this.services.map((service) => () => service.kill()),
      () => this.upstream.close(),
      () => this.openedStore?.close(),
      () => this.openedStandIn?.close(),
      () => this.openedCluster?.close(),
      () => this.openedRedis?.stop(),
      () => this.openedDatabase?.drop(),
      () => this.folder && rm(this.folder, { recursive: true, force: true }),
    ];
    for (const step of steps) {
      try {
        await step();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  private async prepare({ cache, log = 'postgres', more, ...upstreams }: DeploymentOptions): Promise<void> {
    this.folder = await mkdtemp(join(tmpdir(), 'counterfoil-acceptance-'));
    this.openedDatabase = await createTestDatabase();
    if (cache === 'redis') this.openedRedis = await startRedis();
    if (log === 'eventstoredb') this.openedStandIn = await startEventStoreStandIn();
    if (log === 'three nodes of eventstoredb') this.openedCluster = await startStandInCluster();
    const ownUpstream = await this.upstream.start();
    const { upstreamUrl, upstreamType, secondUpstreamUrl } = upstreams;
    const channel = {
      name: 'Main',
      ...(upstreamType && { type: upstreamType }),
      base_url: upstreamUrl ?? ownUpstream,
      api_key: 'upstream-key',
      models: BOOTSTRAP.prices.map(({ model }) => model),
    };
    const second = secondUpstreamUrl && { ...channel, name: 'Second', base_url: secondUpstreamUrl };
    const channels = [channel, ...(second ? [second] : []), ...(more?.channels ?? [])];
    const prices = [...BOOTSTRAP.prices, ...(more?.prices ?? [])];
    const file = join(this.folder, 'bootstrap.json');
    await writeFile(file, JSON.stringify({ prices, channels }));
    this.ofServices = {
      DATABASE_URL: this.openedDatabase.url,
      MASTER_KEY: randomBytes(32).toString('base64'),
      SERVICE_KEYS: SERVICE_KEY,
      UPSTREAM_ALLOW_PRIVATE: '127.0.0.0/8,::1',
      BOOTSTRAP_FILE: file,
      EXTERNAL_API_REQUESTS_PER_SECOND: '100000',
      ...(this.openedRedis && { REDIS_URL: this.openedRedis.url }),
      ...(this.eventStoreUrl && { EVENTSTORE_URL: this.eventStoreUrl }),
    };
  }
}
