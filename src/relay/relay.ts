import type { IncomingMessage, ServerResponse } from 'node:http';
import { AccessKeys } from './access/access-keys.js';
import { Gate } from './access/gate.js';
import { RateLimit } from './access/rate-limit.js';
import type { CallEnd } from './call-record.js';
import { Catalogue } from './catalogue.js';
import { UpstreamPools } from './channels/upstream.js';
import { ChatCall, type RelayParts } from './chat-call.js';
import { ClientResponse } from './client-response.js';
import { errorAnswer, publicCode } from './dialects/openai/errors.js';
import { modelsFor } from './dialects/openai/models.js';
import { CallRefused, type RelayError } from './errors.js';
import { loadTokenizer } from './metering/count-tokens.js';
import type { RelayDependencies } from './ports.js';

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

const DEADLINE_CHECK_MS = 1_000;
const MODELS = '/v1/models';
const CHAT = '/v1/chat/completions';

export function createRelay(dependencies: RelayDependencies): Relay {
  return new RelayService(dependencies);
}

class RelayService implements Relay {
  private readonly parts: RelayParts;
  private readonly calls = new Set<ChatCall>();
  private draining = false;
  private onEmpty: (() => void) | undefined;
  private timer: NodeJS.Timeout | undefined;

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
        refreshMs: settings.catalogueRefreshMs,
        onFault: ({ channelId, error }) => observer.fault(`catalogue ${channelId ?? ''}`.trim(), error),
      }),
      pools: new UpstreamPools(settings),
      rateLimit: new RateLimit(settings.callsPerMinutePerKey),
    };
  }

  async start(): Promise<void> {
    await Promise.all([this.parts.catalogue.start(), loadTokenizer()]);
    this.timer = setInterval(() => {
      const now = performance.now();
      for (const call of this.calls) call.checkDeadlines(now);
    }, DEADLINE_CHECK_MS);
    this.timer.unref();
  }

  get inFlight(): number {
    return this.calls.size;
  }

  refreshCatalogue(): Promise<void> {
    return this.parts.catalogue.refresh();
  }

  async handle(request: IncomingMessage, response: ServerResponse, requestId: string): Promise<void> {
    const client = new ClientResponse(response, requestId);
    const method = request.method ?? '';
    const path = (request.url ?? '').split('?', 1)[0] as string;
    const startedMs = performance.now();
    if (method === 'POST' && path === CHAT) return this.chat(request, client, requestId, startedMs);
    const end = await this.list(method, path, request, client);
    this.observe(end, { requestId, endpoint: MODELS, model: undefined, streamed: false, startedMs });
  }

  async drain(deadlineMs: number): Promise<void> {
    this.draining = true;
    if (!(await this.empty(deadlineMs))) {
      for (const call of this.calls) call.abandon();
      await this.empty(deadlineMs);
    }
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    this.parts.catalogue.stop();
    await this.parts.pools.close();
  }

  private async chat(
    request: IncomingMessage,
    client: ClientResponse,
    requestId: string,
    startedMs: number,
  ): Promise<void> {
    const identity = {
      callId: this.dependencies.newCallId(),
      requestId,
      dialect: 'openai' as const,
      endpoint: CHAT,
      startedAt: new Date(this.dependencies.now()).toISOString(),
      startedMs,
    };
    if (this.draining || this.calls.size >= this.dependencies.settings.maxCallsInFlight) {
      request.resume();
      const end = answerError(client, { code: 'shutting_down', retryAfterMs: 1_000 });
      this.observe(end, { requestId, endpoint: CHAT, model: undefined, streamed: false, startedMs });
      return;
    }
    const call = new ChatCall(this.parts, identity, request, client);
    this.calls.add(call);
    try {
      const end = await call.run();
      const { model, streamed } = call;
      this.observe(end, { requestId, endpoint: CHAT, model, streamed, startedMs });
    } finally {
      this.calls.delete(call);
      if (this.calls.size === 0) this.onEmpty?.();
    }
  }

  private async list(
    method: string,
    path: string,
    request: IncomingMessage,
    client: ClientResponse,
  ): Promise<CallEnd> {
    request.resume();
    const isModels = path === MODELS || path.startsWith(`${MODELS}/`);
    if (method !== 'GET' || !isModels) return answerError(client, { code: 'not_found', method, path });
    try {
      const { key } = await this.parts.gate.enter(request);
      const models = modelsFor(this.parts.catalogue.current, key);
      if (path === MODELS) return answerJson(client, { object: 'list', data: models });
      const id = decodeModel(path.slice(MODELS.length + 1));
      const model = models.find((candidate) => candidate.id === id);
      return model ? answerJson(client, model) : answerError(client, { code: 'model_not_found', model: id });
    } catch (error) {
      if (error instanceof CallRefused) return answerError(client, error.refusal);
      this.dependencies.observer.fault('models', error);
      return answerError(client, { code: 'ledger_unavailable', retryAfterMs: 2_000 });
    }
  }

  /** True once no call is under way; false when `waitMs` ran out first. */
  private empty(waitMs: number): Promise<boolean> {
    if (this.calls.size === 0) return Promise.resolve(true);
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), waitMs);
      this.onEmpty = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
  }

  private observe(
    end: CallEnd,
    call: {
      requestId: string;
      endpoint: string;
      model: string | undefined;
      streamed: boolean;
      startedMs: number;
    },
  ): void {
    const { startedMs, ...rest } = call;
    this.dependencies.observer.callEnded({ ...rest, ...end, durationMs: performance.now() - startedMs });
  }
}

function answerJson(client: ClientResponse, body: unknown): CallEnd {
  client.send(200, { 'content-type': 'application/json' }, Buffer.from(JSON.stringify(body)));
  return { status: 200, code: undefined };
}

function answerError(client: ClientResponse, error: RelayError): CallEnd {
  const { status, headers, body } = errorAnswer(error);
  client.send(status, { 'content-type': 'application/json', ...headers }, body);
  return { status, code: publicCode(error) };
}

function decodeModel(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
