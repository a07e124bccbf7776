import createClient, { type Client } from 'openapi-fetch';
import { type Answer, readAnswer } from './answer.js';
import { batchBody, type BatchLine, readBatch } from './batch.js';
import type { paths } from './generated/api.js';
import { type RetryOptions, retryingFetch } from './retrying-fetch.js';
import type * as Shapes from './shapes.js';

export interface ClientOptions {
  /** Absent: the service runs with EXTERNAL_API_AUTH=open. Never for pages in a browser: whoever reads it may credit payments. */
  readonly serviceKey?: string;
  /** Of messages; codes are the same. Chinese where nothing is said. */
  readonly language?: 'en' | 'zh';
  /** Attempts of a request in all; 4 where nothing is said. */
  readonly attempts?: number;
  /** Of one attempt; 30,000 where nothing is said. */
  readonly timeoutMs?: number;
  readonly fetch?: RetryOptions['fetch'];
}

export interface CallOptions {
  readonly signal?: AbortSignal;
}

export interface WriteOptions extends CallOptions {
  /** Of a call that is to be repeated later, perhaps by another process; else each call has its own, and its repetitions here share it. */
  readonly idempotencyKey?: string;
}

const EXTERNAL = '/api/user/external';

/**
 * What a front end asks of Counterfoil. Every method answers the data and, beside it, its envelope (`data`, `message`, `replayed`,
 * `position`), rejects with ApiError where the service refused and with NoAnswer where none came, and repeats what was not answered with
 * the same ids.
 */
export class NewAPIClient {
  private readonly api: Client<paths>;

  /** @param url of the service, as `https://quota.example.com` */
  constructor(url: string, options: ClientOptions = {}) {
    const { attempts = 4, fetch = globalThis.fetch, language, serviceKey, timeoutMs = 30_000 } = options;
    this.api = createClient<paths>({
      baseUrl: url.replace(/\/+$/, ''),
      // Called as a function of nothing: a browser's fetch refuses to be a method.
      fetch: retryingFetch({ attempts, fetch: (request) => fetch(request), timeoutMs }),
      headers: {
        ...(serviceKey !== undefined && { authorization: `Bearer ${serviceKey}` }),
        'accept-language': language ?? 'zh',
      },
    });
  }

  /** Creates or updates a user; what is absent stays as it is. */
  async syncUser(user: Shapes.UserInput, options?: WriteOptions): Promise<Answer<Shapes.SyncedUser>> {
    return answerOf(await this.api.POST(`${EXTERNAL}/sync`, { body: user, ...written(options) }));
  }

  /** As syncUser, many at once: a line for each, in their order. `fromLine` goes on with a batch that broke off. */
  async syncUsers(
    users: readonly Shapes.UserInput[],
    { fromLine, signal }: CallOptions & { readonly fromLine?: number } = {},
  ): Promise<BatchLine[]> {
    const { data, error, response } = await this.api.POST(`${EXTERNAL}/sync/batch`, {
      params: { query: fromLine === undefined ? {} : { from_line: fromLine } },
      body: batchBody(users) as never,
      bodySerializer: (lines: unknown) => lines as string,
      headers: { 'content-type': 'application/x-ndjson' },
      parseAs: 'text',
      ...(signal && { signal }),
    });
    return readBatch(textOf(data, error), response);
  }

  /** Credits a payment, once for ever: with the same payment_id nothing is credited again, and `replayed` says so. */
  async topupUser(topup: Shapes.TopUpInput, options?: CallOptions): Promise<Answer<Shapes.TopUp>> {
    return answerOf(await this.api.POST(`${EXTERNAL}/topup`, { body: topup, ...asked(options) }));
  }

  /** Gives back (the rest of) a payment, once for each refund_id. */
  async refund(refund: Shapes.RefundInput, options?: CallOptions): Promise<Answer<Shapes.Refund>> {
    return answerOf(await this.api.POST(`${EXTERNAL}/topup/refund`, { body: refund, ...asked(options) }));
  }

  /** One payment and what became of it, step by step. */
  async getTopup(paymentId: string, options?: CallOptions): Promise<Answer<Shapes.PaymentHistory>> {
    const params = { path: { payment_id: paymentId } };
    return answerOf(await this.api.GET(`${EXTERNAL}/topup/{payment_id}`, { params, ...asked(options) }));
  }

  /** A page of payments in the order of their credits; `next_after` is the `after` of the next. */
  async listPayments(
    query: Shapes.PaymentQuery = {},
    options?: CallOptions,
  ): Promise<Answer<Shapes.PaymentPage>> {
    return answerOf(await this.api.GET(`${EXTERNAL}/payments`, { params: { query }, ...asked(options) }));
  }

  /** A page of users; `next_after` is the `after` of the next. */
  async listUsers(query: Shapes.UserQuery = {}, options?: CallOptions): Promise<Answer<Shapes.UserPage>> {
    return answerOf(await this.api.GET(`${EXTERNAL}/users`, { params: { query }, ...asked(options) }));
  }

  /** The key is in this answer and in no other. */
  async createToken(token: Shapes.TokenInput, options?: WriteOptions): Promise<Answer<Shapes.IssuedToken>> {
    return answerOf(await this.api.POST(`${EXTERNAL}/token`, { body: token, ...written(options) }));
  }

  /** Name, status, limits; what is absent stays as it is. */
  async updateToken(change: Shapes.TokenChange, options?: WriteOptions): Promise<Answer<Shapes.Token>> {
    return answerOf(await this.api.PATCH(`${EXTERNAL}/token`, { body: change, ...written(options) }));
  }

  /** A new key for the same token; the old one is dead. */
  async resetToken(token: Shapes.TokenReset, options?: WriteOptions): Promise<Answer<Shapes.IssuedToken>> {
    return answerOf(await this.api.POST(`${EXTERNAL}/token/reset`, { body: token, ...written(options) }));
  }

  async deleteToken(token: Shapes.TokenName, options?: WriteOptions): Promise<Answer<Shapes.DeletedToken>> {
    return answerOf(await this.api.DELETE(`${EXTERNAL}/token`, { body: token, ...written(options) }));
  }

  async getUser(externalUserId: string, options?: ReadOptions): Promise<Answer<Shapes.User>> {
    const request = { ...ofUser(externalUserId, {}, options), ...asked(options) };
    return answerOf(await this.api.GET(`${EXTERNAL}/{external_user_id}`, request));
  }

  /** Balance, what it buys of each model, keys, the last calls. */
  async getUserStats(externalUserId: string, options?: ReadOptions): Promise<Answer<Shapes.Stats>> {
    const request = { ...ofUser(externalUserId, {}, options), ...asked(options) };
    return answerOf(await this.api.GET(`${EXTERNAL}/{external_user_id}/stats`, request));
  }

  /** A page of a user's calls, top-ups, refunds and adjustments, newest first. */
  async getUserLogs(
    externalUserId: string,
    query: Shapes.LogQuery = {},
    options?: ReadOptions,
  ): Promise<Answer<Shapes.LogPage>> {
    const request = { ...ofUser(externalUserId, query, options), ...asked(options) };
    return answerOf(await this.api.GET(`${EXTERNAL}/{external_user_id}/logs`, request));
  }

  /** The models on offer with their prices, of one group where it is named. */
  async getModels(
    query: { readonly group?: string } = {},
    options?: CallOptions,
  ): Promise<Answer<Shapes.OfferedModels>> {
    return answerOf(await this.api.GET(`${EXTERNAL}/models`, { params: { query }, ...asked(options) }));
  }
}

export interface ReadOptions extends CallOptions {
  /** The `position` of an answer: the read shows at least that. */
  readonly minPosition?: number;
}

/** As openapi-fetch answers: the body is one of the two. */
interface Fetched {
  readonly data?: unknown;
  readonly error?: unknown;
  readonly response: Response;
}

const asText = { parseAs: 'text' } as const;

function asked(options: CallOptions = {}) {
  return { ...asText, ...(options.signal && { signal: options.signal }) };
}

function written(options: WriteOptions = {}) {
  return { ...asked(options), headers: { 'idempotency-key': options.idempotencyKey ?? newKey() } };
}

function ofUser<Query extends object>(externalUserId: string, query: Query, options: ReadOptions = {}) {
  const { minPosition } = options;
  const asked = minPosition === undefined ? query : { ...query, min_position: minPosition };
  return { params: { path: { external_user_id: externalUserId }, query: asked } };
}

function answerOf<Data extends object>({ data, error, response }: Fetched): Answer<Data> {
  return readAnswer<Data>(textOf(data, error), response);
}

/** openapi-fetch has read a refusal's JSON already, and nothing else. */
function textOf(data: unknown, error: unknown): string {
  if (typeof data === 'string') return data;
  return typeof error === 'string' ? error : JSON.stringify(error ?? '');
}

/** Pages without TLS have no randomUUID. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
