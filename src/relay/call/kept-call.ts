import type { IncomingMessage } from 'node:http';
import type { AccessKey } from '../access/access-keys.js';
import type { KeptEndpoint } from '../dialects/endpoint.js';
import type { RequestFacts } from '../dialects/request-facts.js';
import { CallRefused, LEDGER_AWAY, type RelayError } from '../errors.js';
import { keyName } from '../kept/placement.js';
import type { RateState } from '../limits/call-limits.js';
import type { Channel } from '../upstreams/channel.js';
import type { UpstreamExchange } from '../upstreams/transport/exchange.js';
import { sendTo } from '../upstreams/transport/send.js';
import { quotesKey } from '../upstreams/without-secrets.js';
import { type CallEnd, CLIENT_CLOSED } from './call-record.js';
import type { CallUnderWay } from './calls-in-flight.js';
import type { ClientResponse } from './client-response.js';
import type { CallServices } from './call-services.js';
import { sendError } from './send-error.js';

const NO_BODY = Buffer.alloc(0);

/**
 * A request about something that an earlier call left at upstream: asked of the channel and key that keep it, for the account whose call
 * it was. Free: upstream has been paid for it.
 */
export class KeptCall implements CallUnderWay {
  place = -1;
  private exchange: UpstreamExchange | undefined;

  constructor(
    private readonly parts: Pick<
      CallServices,
      'gate' | 'catalogue' | 'kept' | 'limits' | 'pools' | 'observer' | 'newCallId' | 'now'
    >,
    private readonly endpoint: KeptEndpoint,
    incoming: IncomingMessage,
    private readonly facts: RequestFacts,
    private readonly client: ClientResponse,
  ) {
    client.listen(
      () => this.exchange?.abort(),
      () => undefined,
    );
    // What a cancellation carries says nothing.
    incoming.resume();
  }

  /** Never rejects. */
  async run(): Promise<CallEnd> {
    try {
      return await this.ask();
    } catch (error) {
      if (this.client.gone) return CLIENT_CLOSED;
      return sendError(this.client, this.endpoint.dialect, this.refusalOf(error));
    }
  }

  /** The exchange has deadlines of its own. */
  checkDeadlines(): void {
    return;
  }

  abandon(): void {
    this.exchange?.abort();
  }

  private async ask(): Promise<CallEnd> {
    const { gate, kept, pools } = this.parts;
    const { endpoint, facts, client } = this;
    const key = await gate.enterWithoutHold(endpoint.dialect.accessKey(facts), facts.address);
    await this.count(key);
    const { accountId } = key.view;
    const id = facts.parameters['id'] ?? '';
    const found = (await kept.find(accountId, [id])).get(id);
    const missing: RelayError = { code: 'reference_not_found', member: 'id', id };
    if (found?.accountId !== accountId) throw new CallRefused(missing);
    const channel = this.keeperOf(keyName(found));
    if (!channel) throw new CallRefused(missing);
    // Upstream is not asked for nobody.
    if (client.gone) return CLIENT_CLOSED;
    const { method } = endpoint;
    const asked = endpoint.asks(id, facts.query);
    const request = { ...asked, method, model: '', headers: undefined, body: NO_BODY };
    this.exchange = sendTo(pools, channel, request, facts.headers, undefined);
    const answer = await this.exchange.answer;
    if (client.gone) return CLIENT_CLOSED;
    if (answer.kind !== 'whole') throw new CallRefused({ code: 'upstream_unavailable' });
    const { status, body } = answer;
    // What is wrong with the channel's key is nothing a client could mend.
    if (status === 401 || status === 403 || quotesKey(body, channel))
      throw new CallRefused({ code: 'upstream_unavailable' });
    if (method === 'DELETE' && (status === 200 || status === 404)) await kept.forget(accountId, id);
    client.send(status, { 'content-type': 'application/json' }, body);
    return { status, code: status < 400 ? undefined : 'upstream_error' };
  }

  /** A channel that is out of use keeps what it keeps, but nobody asks it. */
  private keeperOf(name: string): Channel | undefined {
    const keys = this.parts.catalogue.current.allChannels.flatMap((channel) => channel.keys);
    return keys.find((key) => keyName(key) === name);
  }

  /** A request like any other, for the limits; of no tokens, and over at once. */
  private async count(key: AccessKey): Promise<void> {
    const { limits, newCallId, now, catalogue } = this.parts;
    const { dialect } = this.endpoint;
    const onRate = (rate: RateState) => this.client.annotate(dialect.rateHeaders(rate, now()));
    const inForce = catalogue.current.settings.limits;
    const admission = await limits.admit(inForce, key, newCallId(), 0, onRate);
    if (admission) limits.leave(admission, 0);
  }

  private refusalOf(error: unknown): RelayError {
    if (error instanceof CallRefused) return error.refusal;
    this.parts.observer.fault(this.endpoint.name, error);
    return LEDGER_AWAY;
  }
}
