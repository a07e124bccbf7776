import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Service } from '../../../src/compose/service.js';
import { type Customer, call, createCustomer, frontEnd } from '../../acceptance/support/clients.js';
import { RecordingUpstream } from '../../acceptance/support/upstream.js';
import { eventually } from '../../support/eventually.js';
import { type EventStoreStandIn, startEventStoreStandIn } from '../../support/eventstoredb-stand-in/index.js';
import { StandInLog } from '../../support/eventstoredb-stand-in/log.js';
import type { TestDatabase } from '../../support/postgres.js';
import { startRedis, type TestRedis } from '../../support/redis.js';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.js';
import { countIn, type Moment, placeTables, putRedis, putSpool, startQuietly } from './moments.js';
import { exchangeDatabases } from '../../support/whole-databases.js';

/** What stands at the addresses of the parts; undefined: the right one. */
export interface Replacement {
  readonly log?: StandInLog | undefined;
  readonly tables?: TestDatabase | undefined;
}

/** A service that runs, whose parts are exchanged behind their addresses and brought back; and what was promised to its clients. */
export class RunningLedger {
  readonly log: StandInLog;
  /** Of calls that were answered, and of top-ups that were acknowledged. */
  readonly answered: string[] = [];
  readonly credited: string[] = [];
  private payments = 0;
  private replaced: Replacement = {};

  private constructor(
    readonly service: Service,
    readonly dataDir: string,
    private readonly servers: {
      readonly upstream: RecordingUpstream;
      readonly tables: TestDatabase;
      readonly redis: TestRedis;
      readonly otherRedis: TestRedis;
      readonly wayToRedis: TcpProxy;
    },
    private standIn: EventStoreStandIn,
    log: StandInLog,
    private readonly customer: Customer,
  ) {
    this.log = log;
  }

  static async start(folder: string, moment: Moment): Promise<RunningLedger> {
    const log = new StandInLog(undefined, moment.log);
    const standIn = await startEventStoreStandIn({ log });
    const tables = await placeTables(moment);
    const [redis, otherRedis] = [await startRedis(), await startRedis()];
    await putRedis(redis.url, moment.redis);
    const wayToRedis = await startTcpProxy(redis.url);
    const dataDir = await mkdtemp(join(folder, 'running-'));
    const upstream = new RecordingUpstream();
    const service = await startQuietly({
      UPSTREAM_ALLOW_PRIVATE: '127.0.0.0/8',
      BOOTSTRAP_FILE: await bootstrapFor(await upstream.start(), dataDir),
      DATABASE_URL: tables.url,
      EVENTSTORE_URL: standIn.connectionString,
      REDIS_URL: wayToRedis.url,
      DATA_DIR: dataDir,
    });
    const customer = await createCustomer(service.url, 100);
    return new RunningLedger(
      service,
      dataDir,
      { upstream, tables, redis, otherRedis, wayToRedis },
      standIn,
      log,
      customer,
    );
  }

  /** The tables that the service finds. */
  get pool(): TestDatabase['pool'] {
    return this.servers.tables.pool;
  }

  async replace(replacement: Replacement): Promise<void> {
    const { log, tables } = replacement;
    this.replaced = replacement;
    if (tables) await exchangeDatabases(this.servers.tables.url, tables.url);
    if (log) await this.standOn(log);
  }

  async bringBack(): Promise<void> {
    const { log, tables } = this.replaced;
    this.replaced = {};
    this.servers.wayToRedis.leadTo(this.servers.redis.url);
    if (tables) await exchangeDatabases(this.servers.tables.url, tables.url);
    if (log) await this.standOn(this.log);
  }

  /** A call that upstream is in the midst of. `end`: upstream goes on, and the client has its answer. */
  async callThatWaits(): Promise<{ end(): Promise<void> }> {
    const { upstream } = this.servers;
    upstream.stopInTheMiddle();
    const called = call(this.service.url, this.customer.accessKey, { stream: true });
    const refused = called.then(({ status, text, completed }) => {
      if (!completed) throw new Error(`a call that was to be under way was answered ${status}: ${text}`);
    });
    await Promise.race([eventually(() => upstream.waiting === 1), refused]);
    return {
      end: async () => {
        upstream.goOn();
        const { requestId, completed } = await called;
        if (!completed) throw new Error('a call under way was not answered to its end');
        this.answered.push(requestId);
      },
    };
  }

  /** Undefined: the one that the service has worked with. */
  async replaceRedis(contents: Moment['redis'] | undefined): Promise<void> {
    const { redis, otherRedis, wayToRedis } = this.servers;
    if (!contents) return wayToRedis.leadTo(redis.url);
    wayToRedis.leadTo(redis.url);
    await putRedis(otherRedis.url, contents);
    wayToRedis.leadTo(otherRedis.url);
  }

  /** Answers the id of the call that the file has a charge of. `promised`: one that this ledger's clients were answered. */
  async findSpool(spool: Moment['spool'], promised: boolean): Promise<string> {
    const callId = await putSpool(this.dataDir, spool);
    if (promised) this.answered.push(callId);
    return callId;
  }

  /** A call, a new top-up and one that was acknowledged before. Answers their statuses. */
  async useAll(): Promise<{ readonly call: number; readonly topUp: number; readonly again: number }> {
    const { url } = this.service;
    const { requestId, status, completed } = await call(url, this.customer.accessKey);
    if (completed) this.answered.push(requestId);
    const topUp = await this.topUp(`pi-new-${(this.payments += 1)}`);
    const again = await this.topUp(this.credited[0] ?? 'pi-first');
    return { call: status, topUp, again };
  }

  /** What is told of the customer's balance: to the front end, and to who holds the access key. Undefined: nothing. */
  async toldBalances(): Promise<{
    readonly frontEnd: number | undefined;
    readonly wallet: number | undefined;
  }> {
    const { url } = this.service;
    const { status, body } = await frontEnd(url, 'GET', `/${this.customer.id}`);
    const headers = { authorization: `Bearer ${this.customer.accessKey}` };
    const answer = await fetch(`${url}/api/user/self`, { headers });
    const wallet = (await answer.json()) as { readonly data?: { readonly quota: number } };
    for (const refused of [status, answer.status])
      if (refused !== 200 && refused !== 503) throw new Error(`${refused}`);
    return {
      frontEnd: (body.data as { readonly current_quota: number } | undefined)?.current_quota,
      wallet: wallet.data?.quota,
    };
  }

  private async topUp(paymentId: string): Promise<number> {
    const body = { external_user_id: this.customer.id, amount_usd: 1, payment_id: paymentId };
    const { status } = await frontEnd(this.service.url, 'POST', '/topup', body);
    if (status === 200 && !this.credited.includes(paymentId)) this.credited.push(paymentId);
    return status;
  }

  /** What the log has not once of all that was promised. */
  get broken(): readonly string[] {
    return [
      ...this.answered.filter((id) => countIn(this.log, 'consumption-recorded', id) !== 1),
      ...this.credited.filter((id) => countIn(this.log, 'payment-credited', `"${id}"`) !== 1),
    ];
  }

  async close(): Promise<void> {
    const { upstream, tables, redis, otherRedis, wayToRedis } = this.servers;
    await this.service.close();
    await upstream.close();
    await this.standIn.close();
    await wayToRedis.stop();
    await redis.stop();
    await otherRedis.stop();
    await tables.drop();
  }

  private async standOn(log: StandInLog): Promise<void> {
    const { port } = this.standIn;
    await this.standIn.close();
    this.standIn = await startEventStoreStandIn({ log, port });
  }
}

/** A price and a channel for it. Answers the file's path. */
async function bootstrapFor(baseUrl: string, folder: string): Promise<string> {
  const file = join(folder, 'bootstrap.json');
  const models = ['per-call'];
  const channel = { name: 'Main', base_url: baseUrl, api_key: 'upstream-key', models };
  const said = { prices: [{ model: 'per-call', per_call_usd: 0.02 }], channels: [channel] };
  await writeFile(file, JSON.stringify(said));
  return file;
}
