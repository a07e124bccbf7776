import type { IncomingMessage } from 'node:http';
import type { BodyShare } from '../body-budget.js';
import type { AccessKey } from '../access/access-keys.js';
import { callableModels } from '../callable-models.js';
import type { CallEnd } from './call-record.js';
import { CLIENT_CLOSED } from './call-record.js';
import type { CallUnderWay } from './calls-in-flight.js';
import type { ClientResponse } from './client-response.js';
import type { UpstreamExchange } from '../upstreams/transport/exchange.js';
import type { CountablePrompt, FreeEndpoint } from '../dialects/endpoint.js';
import { parseAhead } from '../dialects/json/body.js';
import { BodyScan } from '../dialects/json/scan.js';
import type { RequestFacts } from '../dialects/request-facts.js';
import { CallRefused, LEDGER_AWAY, type RelayError } from '../errors.js';
import type { RateState } from '../limits/call-limits.js';
import type { CallServices } from './call-services.js';
import { ClientGone, RequestBody } from '../request-body.js';
import { keyHolder } from '../dialects/wallet/key-holder.js';
import { sendError } from './send-error.js';

const NO_BODY = Buffer.alloc(0);

/** A request for a known key that costs nothing and changes nothing. */
export class FreeCall implements CallUnderWay {
  place = -1;
  private readonly startedMs = performance.now();
  private body: RequestBody | undefined;
  private share: BodyShare | undefined;
  private exchange: UpstreamExchange | undefined;

  constructor(
    private readonly parts: Pick<
      CallServices,
      | 'bodies'
      | 'gate'
      | 'catalogue'
      | 'listed'
      | 'counts'
      | 'limits'
      | 'observer'
      | 'settings'
      | 'newCallId'
      | 'now'
      | 'wallets'
    >,
    private readonly endpoint: FreeEndpoint,
    private readonly incoming: IncomingMessage,
    private readonly facts: RequestFacts,
    private readonly client: ClientResponse,
  ) {
    client.listen(
      () => this.exchange?.abort(),
      () => undefined,
    );
  }

  /** Never rejects. */
  async run(): Promise<CallEnd> {
    try {
      const body = Buffer.from(JSON.stringify(await this.answer()));
      this.client.send(200, { 'content-type': 'application/json' }, body);
      return { status: 200, code: undefined };
    } catch (error) {
      if (error instanceof ClientGone) return CLIENT_CLOSED;
      return sendError(this.client, this.endpoint.dialect, this.refusalOf(error));
    } finally {
      this.share?.release();
    }
  }

  checkDeadlines(nowMs: number): void {
    const { bodyTimeoutMs } = this.parts.settings;
    if (nowMs - this.startedMs > bodyTimeoutMs) this.body?.expire({ code: 'request_timeout' });
  }

  abandon(): void {
    this.body?.expire({ code: 'shutting_down', retryAfterMs: 1_000 });
    this.exchange?.abort();
  }

  private async answer(): Promise<unknown> {
    const { gate, catalogue, settings } = this.parts;
    const { endpoint, facts, incoming } = this;
    const accessKey = endpoint.dialect.accessKey(facts);
    const key = await gate.enterWithoutHold(accessKey, facts.address);
    await this.count(key);
    if (incoming.method === 'POST') {
      this.share = this.parts.bodies.share(key.view.tokenId);
      this.body = new RequestBody(incoming, settings.maxRequestBytes, new BodyScan(), this.share);
    }
    const body = (await this.body?.whole) ?? NO_BODY;
    await parseAhead(body);
    // A body may be held back until the key is revoked.
    const holder = this.body ? await gate.enterWithoutHold(accessKey, facts.address) : key;
    const models = callableModels(catalogue.current, holder, endpoint.dialect.name, this.parts.listed);
    const countUpstream = (prompt: CountablePrompt) => this.countUpstream(holder, prompt);
    return endpoint.answer({
      models,
      body,
      facts,
      countUpstream,
      holder: keyHolder(this.parts.wallets, holder.view),
    });
  }

  private async countUpstream(key: AccessKey, prompt: CountablePrompt): Promise<unknown> {
    // Upstream is not asked for nobody.
    if (this.client.gone) throw new ClientGone();
    const { catalogue, counts } = this.parts;
    const count = await counts.ask(
      {
        key,
        catalogue: catalogue.current,
        headers: this.facts.headers,
        onSent: (exchange) => (this.exchange = exchange),
      },
      prompt,
    );
    this.client.annotate({ 'x-counterfoil-count': count === undefined ? 'estimate' : 'upstream' });
    return count;
  }

  /** A request like any other, for the limits; of no tokens, and over at once. */
  private async count(key: AccessKey): Promise<void> {
    const { limits, newCallId, now } = this.parts;
    const { dialect } = this.endpoint;
    const onRate = (rate: RateState) => this.client.annotate(dialect.rateHeaders(rate, now()));
    const inForce = this.parts.catalogue.current.settings.limits;
    const admission = await limits.admit(inForce, key, newCallId(), 0, onRate);
    if (admission) limits.leave(admission, 0);
  }

  private refusalOf(error: unknown): RelayError {
    if (error instanceof CallRefused) return error.refusal;
    this.parts.observer.fault(this.endpoint.name, error);
    return LEDGER_AWAY;
  }
}
