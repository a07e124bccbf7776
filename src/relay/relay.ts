import type { IncomingMessage, ServerResponse } from 'node:http';
import { AccessKeys } from './access/access-keys.js';
import { BodyBudget } from './body-budget.js';
import { Gate } from './access/gate.js';
import type { CallEnd } from './call/call-record.js';
import { CallsInFlight } from './call/calls-in-flight.js';
import { Catalogue } from './catalogue.js';
import { BalanceQueries } from './channels/health/balance-queries.js';
import { HealthChecks } from './channels/health/health-checks.js';
import { ListedModels } from './channels/health/listed-models.js';
import { askForModels } from './channels/health/upstream-models.js';
import { KeyRetirement } from './channels/retirement.js';
import { addressesOf } from './upstreams/transport/send.js';
import { ChannelTraffic } from './channels/traffic.js';
import type { Channel } from './upstreams/channel.js';
import { UpstreamPools } from './upstreams/transport/pools.js';
import { ClientResponse } from './call/client-response.js';
import { dialectOf, routes } from './dialects/all.js';
import { nearMissOf } from './dialects/near-misses.js';
import type { Dialect } from './dialects/dialect.js';
import type { AnyEndpoint } from './dialects/endpoint.js';
import type { RequestFacts } from './dialects/request-facts.js';
import { FreeCall } from './call/free-call.js';
import { loadTokenizer } from './metering/count-tokens.js';
import { UploadStore } from './multipart/upload-store.js';
import type { RelayDependencies } from './ports.js';
import type { CallServices } from './call/call-services.js';
import { RelayedCall } from './call/relayed-call.js';
import { sendError } from './call/send-error.js';
import { RecentKeptThings } from './kept/recent-kept-things.js';
import { KeptCall } from './call/kept-call.js';
import { UpstreamCounts } from './call/upstream-counts.js';

/** The relay as the HTTP shell mounts it on `/v1`, `/v1beta` and what clients take for these. */
export interface Relay {
  /** Loads catalogue and tokenizer. Rejects when the read models cannot be read. */
  start(): Promise<void>;
  /**
   * Answers a request below those. Resolves when the call is over and settled; never rejects. `requestId` at most 200 characters; `address`:
   * the client's, undefined where it is not known.
   */
  handle(
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string,
    address: string | undefined,
  ): Promise<void>;
  /** Calls under way. */
  readonly inFlight: number;
  /** Bytes of their bodies that are held. */
  readonly bodyBytes: number;
  /** Reads prices, groups and channels anew, after an operator changed them. */
  refreshCatalogue(): Promise<void>;
  /** Refuses new calls, lets those under way finish within `deadlineMs`, then breaks them off and settles what they delivered. */
  drain(deadlineMs: number): Promise<void>;
  /** After drain: closes the upstream connections. */
  close(): Promise<void>;
}

type AnyCall = RelayedCall | FreeCall | KeptCall;

/** Some clients offer HTTP/2 with an ordinary request, which is answered as one. */
const isOfferOfHttp2 = (protocol: string): boolean => /^h2c?\b/i.test(protocol);

const NO_QUERY = new URLSearchParams();

export function createRelay(dependencies: RelayDependencies): Relay {
  return new RelayService(dependencies);
}

class RelayService implements Relay {
  private readonly parts: CallServices;
  private readonly calls = new CallsInFlight();
  private readonly healthChecks: HealthChecks;
  private readonly balances: BalanceQueries;

  constructor(dependencies: RelayDependencies) {
    const { readModels, hashKey, openSecret, upstreamTypes, ...rest } = dependencies;
    const { channelState: state, disableKey, ...given } = rest;
    const { observer, settings, draw, now, newCallId } = given;
    const onFault = (error: unknown) => observer.fault('channels', error);
    const keys = new AccessKeys({ readModels, hashKey, maxKeys: settings.accessKeyCacheSize });
    const pools = new UpstreamPools(settings);
    const traffic = new ChannelTraffic({ state, process: newCallId(), draw, settings, onFault });
    const retirement = new KeyRetirement({ disableKey, onFault });
    const ask = (channel: Channel) => askForModels(pools, channel);
    const listed = new ListedModels({ ask, now: () => performance.now() });
    const catalogue = new Catalogue({
      readModels,
      openSecret,
      upstreamTypes,
      defaultSettings: settings.defaults,
      refreshMs: settings.catalogueRefreshMs,
      onChannels: (open) => {
        pools.retain(open.flatMap(addressesOf));
        listed.retain(open);
      },
      onFault: ({ channelId, error }) => observer.fault(`catalogue ${channelId ?? ''}`.trim(), error),
    });
    this.parts = {
      ...given,
      kept: new RecentKeptThings(given.kept),
      keys,
      gate: new Gate({ balance: given.balance, now }, keys),
      catalogue,
      pools,
      traffic,
      counts: new UpstreamCounts({ pools, traffic, draw, newCallId, settings }),
      listed,
      retirement,
      uploads: new UploadStore(settings),
      bodies: new BodyBudget(settings),
    };
    const channels = () => catalogue.current.allChannels;
    this.balances = new BalanceQueries({ channels, state, pools, onFault });
    this.healthChecks = new HealthChecks({ channels, state, pools, traffic, retirement, now, draw, onFault });
  }

  async start(): Promise<void> {
    // One after the other: loading keeps the process busy, and a connection asked for meanwhile may time out on a slow machine.
    await loadTokenizer();
    await this.parts.catalogue.start();
    this.parts.traffic.start();
    this.healthChecks.start();
    this.balances.start();
    this.calls.watch();
  }

  get inFlight(): number {
    return this.calls.count;
  }

  get bodyBytes(): number {
    return this.parts.bodies.heldBytes;
  }

  refreshCatalogue(): Promise<void> {
    return this.parts.catalogue.refresh();
  }

  async handle(
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string,
    address: string | undefined,
  ): Promise<void> {
    const startedMs = performance.now();
    const client = new ClientResponse(response, requestId);
    const { method = '', url = '', headers } = request;
    const questionMark = url.indexOf('?');
    const path = questionMark === -1 ? url : url.slice(0, questionMark);
    const found = routes.find(method, path, headers);
    const nearMiss = found ? undefined : nearMissOf(method, path, headers);
    const dialect = (found ?? nearMiss)?.endpoint.dialect ?? dialectOf(path, headers);
    client.requestIdHeader = dialect.requestIdHeader;
    let call: AnyCall | undefined;
    let end: CallEnd;
    if (headers.upgrade !== undefined && !isOfferOfHttp2(headers.upgrade)) {
      end = sendError(client, dialect, { code: 'upgrade_refused', protocol: headers.upgrade });
    } else if (found) {
      const query = questionMark === -1 ? NO_QUERY : new URLSearchParams(url.slice(questionMark));
      const facts = { parameters: found.parameters, headers, query, address };
      call = this.callOf(found.endpoint, request, facts, client, startedMs);
      end = await this.run(call, dialect, client);
    } else end = sendError(client, dialect, { code: 'not_found', method, path, served: nearMiss?.served });
    const asked = call instanceof RelayedCall ? call.request : undefined;
    this.parts.observer.callEnded({
      requestId,
      endpoint: found?.endpoint.name ?? 'unknown',
      model: asked?.model,
      streamed: asked?.streamed ?? false,
      ...end,
      durationMs: performance.now() - startedMs,
    });
  }

  drain(deadlineMs: number): Promise<void> {
    return this.calls.drain(deadlineMs);
  }

  async close(): Promise<void> {
    this.calls.stopWatching();
    this.parts.catalogue.stop();
    await Promise.all([this.healthChecks.stop(), this.balances.stop()]);
    await this.parts.retirement.settled();
    await this.parts.traffic.stop();
    await this.parts.pools.close();
  }

  private callOf(
    endpoint: AnyEndpoint,
    request: IncomingMessage,
    facts: RequestFacts,
    client: ClientResponse,
    startedMs: number,
  ): AnyCall {
    if (endpoint.kind === 'kept') return new KeptCall(this.parts, endpoint, request, facts, client);
    if (endpoint.kind === 'free') return new FreeCall(this.parts, endpoint, request, facts, client);
    const { newCallId, now } = this.parts;
    const identity = {
      callId: newCallId(),
      requestId: client.requestId,
      dialect: endpoint.dialect.name,
      endpoint: endpoint.name,
      startedAt: new Date(now()).toISOString(),
      startedMs,
    };
    return new RelayedCall(this.parts, endpoint, identity, request, facts, client);
  }

  /** Refused when there is no room: the process is going down, or has all the calls it can carry. */
  private async run(call: AnyCall, dialect: Dialect, client: ClientResponse): Promise<CallEnd> {
    const { draining, count } = this.calls;
    if (draining || count >= this.parts.settings.maxCallsInFlight) {
      const code = draining ? 'shutting_down' : 'overloaded';
      return sendError(client, dialect, { code, retryAfterMs: 1_000 });
    }
    this.calls.add(call);
    try {
      return await call.run();
    } finally {
      this.calls.delete(call);
    }
  }
}
