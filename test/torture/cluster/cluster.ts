import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Build } from '../build/build.js';
import { dialects } from '../dialects/all.js';
import { SERVICES, type ServiceName, type Store } from '../plan/faults.js';
import { EventStoreProcess } from './event-store.js';
import type { Keeper } from './keeper.js';
import { Link } from './link.js';
import { freePort } from '../../support/free-port.js';
import type { PostgresServer } from './postgres.js';
import { Provider } from './provider.js';
import { RedisServer } from './redis.js';
import { Service } from './service.js';
import { mountSmallDisk } from './small-disk.js';
import { UpstreamProcess } from './upstream.js';

export const SERVICE_KEY = 'torture-service-key';
/** What the one payment provider is called. */
export const PROVIDER = 'stripe';

/** A channel for each kind of upstream, and where its API begins. */
const CHANNELS = Object.fromEntries(
  Object.values(dialects).map(({ channel, base }) => [channel, base] as const),
);

/** Users are moved from one to the other while they call. */
export const GROUPS = [
  { name: 'default', ratio: 1 },
  { name: 'vip', ratio: 0.5 },
] as const;

/** Of a service to each of its servers. `store` and `postgres` are one where the log is in PostgreSQL. */
export interface Links {
  readonly store: Link;
  readonly postgres: Link;
  readonly redis: Link;
}

export interface Member {
  readonly service: Service;
  readonly links: Links;
  readonly dataDir: string;
  /** Where its spool is, on a disk of its own that can be filled; undefined where that could not be made. */
  readonly smallDisk: string | undefined;
}

/**
 * `whole`: two relays, an api, a projector, and a second projector in reserve. The smaller ones start sooner: `one relay` has no
 * second one, `one process` is all of it in one; the missing ones' names then stand for what is there.
 */
export type Shape = 'whole' | 'one relay' | 'one process';

export interface ClusterOptions {
  readonly folder: string;
  readonly store: Store;
  readonly build: Build;
  readonly postgres: PostgresServer;
  /** What its database is a copy of. */
  readonly template?: string | undefined;
  readonly keeper: Keeper;
  readonly shape: Shape;
  readonly hasLeases: boolean;
}

const urlOf = (link: Link): string => `esdb://127.0.0.1:${link.port}?tls=false`;

/** All processes of one round, and the links between them. */
export class Cluster {
  readonly members = new Map<ServiceName | 'projector-2', Member>();
  /** Of the event store that the processes find; undefined: it is theirs. */
  private storePort: number | undefined;
  private postgresPort: number | undefined;
  private pricesVersion = 0;
  private ofServices: Record<string, string> = {};
  private databaseName: string;
  private store: EventStoreProcess | undefined;

  private constructor(
    readonly options: ClusterOptions,
    readonly redis: RedisServer,
    readonly upstream: UpstreamProcess,
    readonly upstreamLink: Link,
    readonly provider: Provider,
    eventStore: EventStoreProcess | undefined,
  ) {
    this.store = eventStore;
    this.databaseName = `torture_${randomBytes(6).toString('hex')}`;
  }

  static async open(options: ClusterOptions): Promise<Cluster> {
    const { folder, keeper, store } = options;
    await mkdir(folder, { recursive: true });
    const redis = new RedisServer(await freePort(), folder, keeper);
    const upstream = new UpstreamProcess(await freePort(), join(folder, 'upstream.book'), keeper);
    const eventStore =
      store === 'eventstoredb'
        ? new EventStoreProcess(await freePort(), join(folder, 'event-store'), keeper)
        : undefined;
    const upstreamLink = await Link.open(() => upstream.port);
    const notifyUrl = (): string => `${cluster.url('api')}/api/payments/notify/${PROVIDER}`;
    const provider = await Provider.open(notifyUrl);
    const cluster: Cluster = new Cluster(options, redis, upstream, upstreamLink, provider, eventStore);
    await cluster.start();
    return cluster;
  }

  member(name: ServiceName | 'projector-2'): Member {
    const member = this.members.get(name);
    if (!member) throw new Error(`there is no ${name}`);
    return member;
  }

  /** All processes find the event store that listens there in the place of theirs, as after a volume or an address was exchanged. */
  takeStoreAt(port: number): Promise<void> {
    this.storePort = port;
    for (const { links } of this.members.values()) links.store.cut();
    return Promise.resolve();
  }

  /** This one is theirs from now on, at the address of the one before; whoever runs is not told. */
  exchangeStore(store: EventStoreProcess): Promise<void> {
    this.store = store;
    return this.takeStoreAt(store.port);
  }

  /** Where the log is now; undefined where it is in PostgreSQL. */
  get eventStore(): EventStoreProcess | undefined {
    return this.store;
  }

  /** Where the read models are, and the log where it is in no event store. */
  get database(): string {
    return this.databaseName;
  }

  /** The ledger is there from now on; the processes, which must be stopped, are told so. */
  async goOverTo(database: string, store: EventStoreProcess | undefined): Promise<void> {
    this.databaseName = database;
    this.store = store;
    this.storePort = undefined;
    for (const [name, member] of this.members) {
      const { postgres } = member.links;
      const link = store ? await Link.open(() => this.storePort ?? store.port) : postgres;
      if (member.links.store !== postgres) await member.links.store.close();
      this.members.set(name, { ...member, links: { ...member.links, store: link } });
      member.service.environment = {
        EVENTSTORE_URL: store && urlOf(link),
        DATABASE_URL: this.options.postgres.url(database, postgres.port),
      };
    }
  }

  async startAll(): Promise<void> {
    const usual = this.services.filter(({ name }) => name !== 'projector-2');
    await Promise.all(usual.map((service) => service.start()));
  }

  /** All processes find PostgreSQL there, as after a fail-over; undefined: where it was. */
  takePostgresAt(port: number | undefined): Promise<void> {
    this.postgresPort = port;
    for (const { links } of this.members.values()) links.postgres.cut();
    return Promise.resolve();
  }

  url(name: ServiceName): string {
    return this.member(name).service.url;
  }

  get services(): readonly Service[] {
    return [...new Set([...this.members.values()].map(({ service }) => service))];
  }

  /** For the counterfoil command, past all links. */
  get environment(): Readonly<Record<string, string>> {
    const { postgres, folder } = this.options;
    return {
      ...this.ofServices,
      DATABASE_URL: postgres.url(this.database),
      REDIS_URL: `redis://127.0.0.1:${this.redis.port}`,
      ...(this.eventStore && { EVENTSTORE_URL: this.eventStore.url }),
      DATA_DIR: join(folder, 'operator'),
    };
  }

  /** The price list an api takes into force when it starts next. Only the price of a call differs: $0.02, $0.021, … */
  async writePrices(): Promise<void> {
    const models = {
      'per-call': { per_call_usd: 0.02 + this.pricesVersion / 1_000 },
      'by-token': { model_ratio: 5, completion_ratio: 2, max_output_tokens: 200 },
      free: { model_ratio: 0 },
      // Nobody can afford it: its refusal says what is available.
      unaffordable: { per_call_usd: 10_000_000 },
    };
    this.pricesVersion = (this.pricesVersion + 1) % 10;
    const origin = `http://127.0.0.1:${this.upstreamLink.port}`;
    const channels = Object.entries(CHANNELS).map(([type, base]) => ({
      name: type,
      type,
      base_url: `${origin}${base}`,
      api_key: 'upstream-key',
      models: Object.keys(models),
      group: GROUPS.map(({ name }) => name),
    }));
    const prices = Object.entries(models).map(([model, price]) => ({ model, ...price }));
    await writeFile(
      join(this.options.folder, 'bootstrap.json'),
      JSON.stringify({ prices, groups: GROUPS, channels }),
    );
  }

  async close(): Promise<void> {
    await Promise.all(this.services.map((service) => service.kill()));
    await this.eventStore?.kill();
    await this.redis.kill();
    const links = [...this.members.values()].flatMap(({ links: each }) => Object.values(each) as Link[]);
    await Promise.all([...new Set([...links, this.upstreamLink])].map((link) => link.close()));
    await this.provider.close();
  }

  private async start(): Promise<void> {
    const { postgres, template, hasLeases } = this.options;
    await Promise.all([
      postgres.createDatabase(this.database, template),
      this.redis.start(),
      this.upstream.start(),
      this.eventStore?.start(),
      this.writePrices(),
    ]);
    this.ofServices = {
      MASTER_KEY: randomBytes(32).toString('base64'),
      SERVICE_KEYS: SERVICE_KEY,
      UPSTREAM_ALLOW_PRIVATE: '127.0.0.0/8,::1',
      EXTERNAL_API_REQUESTS_PER_SECOND: '100000',
      UPSTREAM_FIRST_BYTE_TIMEOUT_MS: '10000',
      SHUTDOWN_DEADLINE_MS: '5000',
      GRANTS: 'on',
      CODES: 'on',
      HOLD_LEASES: hasLeases ? 'on' : 'off',
      LOG_LEVEL: 'warn',
    };
    await this.addMembers();
    await this.startAll();
  }

  private async addMembers(): Promise<void> {
    const { shape } = this.options;
    if (shape === 'one process') {
      const all = await this.prepare('relay-1', 'all');
      for (const name of SERVICES) this.members.set(name, all);
      return;
    }
    for (const name of SERVICES)
      if (shape === 'whole' || name !== 'relay-2')
        this.members.set(name, await this.prepare(name, name.replace(/-\d$/, '')));
    if (shape === 'whole') this.members.set('projector-2', await this.prepare('projector-2', 'projector'));
    else this.members.set('relay-2', this.member('relay-1'));
  }

  private async prepare(name: ServiceName | 'projector-2', role: string): Promise<Member> {
    const { build, folder, keeper, postgres, shape } = this.options;
    const toPostgres = await Link.open(() => this.postgresPort ?? postgres.port);
    const { eventStore } = this;
    const links = {
      postgres: toPostgres,
      redis: await Link.open(() => this.redis.port),
      store: eventStore ? await Link.open(() => this.storePort ?? eventStore.port) : toPostgres,
    };
    const dataDir = join(folder, `${name}.data`);
    await mkdir(dataDir, { recursive: true });
    const smallDisk =
      role === 'relay' && shape === 'whole' ? await mountSmallDisk(dataDir, keeper) : undefined;
    const environment = {
      ...this.ofServices,
      ROLE: role,
      // Both forms of ids, and in a whole cluster on one ledger.
      USAGE_STREAMS: name === 'relay-1' && shape !== 'one process' ? 'process' : 'account',
      DATA_DIR: dataDir,
      DATABASE_URL: postgres.url(this.database, toPostgres.port),
      REDIS_URL: `redis://127.0.0.1:${links.redis.port}`,
      ...(eventStore && { EVENTSTORE_URL: urlOf(links.store) }),
      ...((role === 'api' || role === 'all') && { BOOTSTRAP_FILE: join(folder, 'bootstrap.json') }),
    };
    const service = new Service({ name, build, environment, folder, port: await freePort(), keeper });
    return { service, links, dataDir, smallDisk };
  }
}
