import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import gossipGrpc from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import serverFeaturesGrpc from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import serverFeaturesPb from '@eventstore/db-client/generated/serverfeatures_pb.js';
import streamsGrpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { sendAhead } from './ahead.js';
import { appendHandler, type AppendServices } from './append.js';
import { batchAppendHandler } from './batch-append.js';
import { deleteHandlers } from './delete.js';
import { Faults, type Fault, type FaultOptions } from './faults.js';
import { Gate } from './gate.js';
import { gossipHandler, type Member } from './gossip.js';
import type { Logins } from './logins.js';
import { type ProposedEvent, StandInLog } from './log.js';
import { readHandler, type ReadServices } from './read.js';

export interface EventStoreStandIn {
  /** For EVENTSTORE_URL. */
  readonly connectionString: string;
  /** By the name and password of one who may log in. */
  connectionStringOf(name: string, password: string): string;
  readonly port: number;
  /** How many appends of the same events were under way at once, at most. */
  readonly appendsAtOnce: number;
  /** How many subscribers were too slow. */
  readonly dropped: number;
  /** How many connections were ever made to it. */
  readonly connections: number;
  /** Sets what is wrong from now on; `none` heals. */
  fault(mode: Fault, options?: FaultOptions): void;
  /** The server goes away, its data stays; `restart` brings it back. */
  stop(): Promise<void>;
  /** The same data behind new connections, on the same port unless a new one is asked for. Heals faults. */
  restart(options?: { readonly newPort?: boolean }): Promise<void>;
  /** Nothing that the server says arrives until it is let go. Answers the way to let go. */
  holdAnswers(): () => void;
  /** Ends all subscriptions without an error, as a server may at any time. */
  endSubscriptions(): void;
  close(): Promise<void>;
}

export interface StandInOptions {
  /** Where clients find it; a free one by default. */
  readonly port?: number;
  /** A log of earlier days; a new one by default. */
  readonly log?: StandInLog;
  /** Who may log in, over TLS with a certificate of its own; by default nobody is asked, and there is no TLS. */
  readonly logins?: Logins;
  /** Whether a repeat is told where its last event is, which not all servers do; true by default. */
  readonly positionsInRepeats?: boolean;
  /** Events that a subscriber may be behind before it is dropped, as servers before 24 do; by default any number. */
  readonly mostUnread?: number;
  /** All nodes of its cluster; by default it is alone, and leads. */
  readonly members?: () => readonly Member[];
}

/**
 * A server in this process that speaks as much of EventStoreDB's protocol as the unmodified client needs to append,
 * read and subscribe, without a password and without TLS.
 */
export async function startEventStoreStandIn({
  port = 0,
  log = new StandInLog(),
  logins = {},
  positionsInRepeats = true,
  mostUnread,
  members,
}: StandInOptions = {}): Promise<EventStoreStandIn> {
  const sameAppends = new SameAppends();
  const services = {
    log,
    logins,
    positionsInRepeats,
    mostUnread,
    faults: new Faults(),
    subscriptions: new Set<{ end(): void }>(),
    dropConnections: () => gate.dropAll(),
    members: members ?? (() => [{ port: gate.port, leads: true, alive: true }]),
    onDropped: () => void (dropped += 1),
    shownUntil: (): bigint | undefined => shownUntil,
    began: (proposed: readonly ProposedEvent[]) => sameAppends.count(proposed, 1),
    ended: (proposed: readonly ProposedEvent[]) => sameAppends.count(proposed, -1),
  };
  const gate = new Gate();
  let dropped = 0;
  let shownUntil: bigint | undefined;
  let server = await serve(services);
  await gate.open(server.port, port);

  const stop = async (): Promise<void> => {
    await gate.shut();
    // A graceful shutdown never ends while a stream is open.
    server.server.forceShutdown();
    services.subscriptions.clear();
  };
  const fault = (mode: Fault, options?: FaultOptions): void => {
    services.faults.set(mode, options);
    gate.halfClose(mode === 'half-closed');
    if (mode === 'frozen' || mode === 'stopped') gate.freeze(mode === 'stopped');
    shownUntil = mode === 'old-leader' ? log.end : undefined;
  };
  return {
    get connectionString() {
      return `esdb://127.0.0.1:${gate.port}?tls=false`;
    },
    connectionStringOf: (name, password) =>
      `esdb://${name}:${password}@127.0.0.1:${gate.port}?tls=true&tlsCAFile=${fileOf('certificate.pem')}`,
    get port() {
      return gate.port;
    },
    get dropped() {
      return dropped;
    },
    get connections() {
      return gate.entered;
    },
    get appendsAtOnce() {
      return sameAppends.most;
    },
    fault,
    stop,
    restart: async ({ newPort = false } = {}) => {
      await stop();
      fault('none');
      server = await serve(services);
      await gate.open(server.port, newPort ? 0 : gate.port);
    },
    holdAnswers: () => gate.hold(),
    endSubscriptions: () => {
      for (const subscription of services.subscriptions) subscription.end();
    },
    close: stop,
  };
}

class SameAppends {
  most = 0;
  private readonly underWay = new Map<string, number>();

  count([first]: readonly ProposedEvent[], change: 1 | -1): void {
    const id = first?.id ?? '';
    const now = (this.underWay.get(id) ?? 0) + change;
    this.underWay.set(id, now);
    this.most = Math.max(this.most, now);
  }
}

/** As many as the real one takes at once. */
const CALLS_A_CONNECTION = 100;

type Services = AppendServices & ReadServices & { members(): readonly Member[] };

async function serve(services: Services): Promise<{ server: Server; port: number }> {
  const server = new Server({
    'grpc.max_receive_message_length': 17 * 1024 * 1024,
    'grpc.max_concurrent_streams': CALLS_A_CONNECTION,
    interceptors: [sendAhead],
  });
  server.addService(streamsGrpc.StreamsService, {
    append: appendHandler(services),
    batchAppend: batchAppendHandler(services),
    read: readHandler(services),
    ...deleteHandlers(services),
  });
  server.addService(gossipGrpc.GossipService, { read: gossipHandler(() => services.members()) });
  server.addService(serverFeaturesGrpc.ServerFeaturesService, { getSupportedMethods: supportedMethods });
  const credentials =
    Object.keys(services.logins).length > 0 ? encrypted() : ServerCredentials.createInsecure();
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', credentials, (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { server, port };
}

const fileOf = (name: string): string => fileURLToPath(new URL(`tls/${name}`, import.meta.url));

const encrypted = (): ServerCredentials =>
  ServerCredentials.createSsl(null, [
    { cert_chain: readFileSync(fileOf('certificate.pem')), private_key: readFileSync(fileOf('key.pem')) },
  ]);

/** Asked by the client before its first append without credentials: is there a batch append? */
function supportedMethods(_call: unknown, answer: (error: null, methods: object) => void): void {
  const batchAppend = new serverFeaturesPb.SupportedMethod()
    .setServiceName('event_store.client.streams.streams')
    .setMethodName('batchappend');
  const methods = new serverFeaturesPb.SupportedMethods().setEventStoreServerVersion('24.10.0');
  methods.addMethods(batchAppend);
  answer(null, methods);
}
