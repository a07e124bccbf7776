import type { IncomingMessage, ServerResponse } from 'node:http';
import { AccessKeys } from './access/access-keys.js';
import { Gate } from './access/gate.js';
import { RateLimit } from './access/rate-limit.js';
import type { CallEnd } from './call-record.js';
import { CallsInFlight } from './calls-in-flight.js';
import { Catalogue } from './catalogue.js';
import { UpstreamPools } from './channels/upstream.js';
import { ChatCall } from './chat-call.js';
import { ClientResponse } from './client-response.js';
import { sendError } from './dialects/openai/send-error.js';
import { listModels, MODELS_PATH } from './list-models.js';
import { loadTokenizer } from './metering/count-tokens.js';
import type { RelayDependencies } from './ports.js';
import type { RelayParts } from './relay-parts.js';

/** The relay as the HTTP shell mounts it on `/v1`. */
export interface Relay {
  /** Loads catalogue and tokenizer. Rejects when the read models cannot be read. */
  start(): Promise<void>;
  /** Answers a request below `/v1`. Resolves when the call is over and settled; never rejects. `requestId` at most 200 characters. */
  handle(request: IncomingMessage, response: ServerResponse, requestId: string): Promise<void>;
  /** Calls under way. */
  readonly inFlight: number;
  /** Reads prices, groups and channels anew, after an operator changed them. */
  refreshCatalogue(): Promise<void>;
  /** Refuses new calls, lets those under way finish within `deadlineMs`, then breaks them off and settles what they delivered. */
  drain(deadlineMs: number): Promise<void>;
  /** After drain: closes the upstream connections. */
  close(): Promise<void>;
}

const CHAT_PATH = '/v1/chat/completions';

export function createRelay(dependencies: RelayDependencies): Relay {
  return new RelayService(dependencies);
}

class RelayService implements Relay {
  private readonly parts: RelayParts;
  private readonly calls = new CallsInFlight();

  constructor(private readonly dependencies: RelayDependencies) {
    const { readModels, hashKey, openSecret, observer, settings } = dependencies;
    const keys = new AccessKeys({ readModels, hashKey, maxKeys: settings.accessKeyCacheSize });
    this.parts = {
      dependencies,
      keys,
      gate: new Gate(dependencies, keys),
      catalogue: new Catalogue({
        readModels,
        openSecret,
        defaultSettings: settings.defaults,
        refreshMs: settings.catalogueRefreshMs,
        onFault: ({ channelId, error }) => observer.fault(`catalogue ${channelId ?? ''}`.trim(), error),
      }),
      pools: new UpstreamPools(settings),
      rateLimit: new RateLimit(settings.callsPerMinutePerKey),
    };
  }

  async start(): Promise<void> {
    await Promise.all([this.parts.catalogue.start(), loadTokenizer()]);
    this.calls.watch();
  }

  get inFlight(): number {
    return this.calls.count;
  }

  refreshCatalogue(): Promise<void> {
    return this.parts.catalogue.refresh();
  }

  async handle(request: IncomingMessage, response: ServerResponse, requestId: string): Promise<void> {
    const startedMs = performance.now();
    const client = new ClientResponse(response, requestId);
    const method = request.method ?? '';
    const path = (request.url ?? '').split('?', 1)[0] as string;
    let call: ChatCall | undefined;
    let end: CallEnd;
    if (method === 'POST' && path === CHAT_PATH) {
      call = this.admit(request, client, requestId, startedMs);
      end = call
        ? await this.run(call)
        : sendError(client, {
            code: this.calls.draining ? 'shutting_down' : 'overloaded',
            retryAfterMs: 1_000,
          });
    } else if (method === 'GET' && (path === MODELS_PATH || path.startsWith(`${MODELS_PATH}/`))) {
      end = await listModels(this.parts, request, client, path);
    } else end = sendError(client, { code: 'not_found', method, path });
    this.dependencies.observer.callEnded({
      requestId,
      endpoint: path,
      model: call?.chat?.model,
      streamed: call?.chat?.streamed ?? false,
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
    await this.parts.pools.close();
  }

  /** Undefined when there is no room: the process is going down, or has all the calls it can carry. */
  private admit(
    request: IncomingMessage,
    client: ClientResponse,
    requestId: string,
    startedMs: number,
  ): ChatCall | undefined {
    const { settings, newCallId, now } = this.dependencies;
    if (this.calls.draining || this.calls.count >= settings.maxCallsInFlight) return undefined;
    const identity = {
      callId: newCallId(),
      requestId,
      dialect: 'openai' as const,
      endpoint: CHAT_PATH,
      startedAt: new Date(now()).toISOString(),
      startedMs,
    };
    return new ChatCall(this.parts, identity, request, client);
  }

  private async run(call: ChatCall): Promise<CallEnd> {
    this.calls.add(call);
    try {
      return await call.run();
    } finally {
      this.calls.delete(call);
    }
  }
}
