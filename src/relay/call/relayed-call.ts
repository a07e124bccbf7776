import type { IncomingMessage } from 'node:http';
import { Attempts } from './attempts.js';
import type { Outcome } from './outcome.js';
import { CallBody, type ReceivedCall } from './call-body.js';
import { CallAdmission } from './call-admission.js';
import { type CallEnd, type CallIdentity, callFields, CLIENT_CLOSED } from './call-record.js';
import type { CallUnderWay } from './calls-in-flight.js';
import { Candidates } from '../channels/candidates.js';
import { channelOrder } from '../channels/choose.js';
import { conversationOfCall } from './conversation-of-call.js';
import { lotOf, lotOfChance } from '../channels/lot.js';
import type { ClientResponse } from './client-response.js';
import type { AnyCallRequest } from '../dialects/call-request.js';
import type { Endpoint, FormEndpoint } from '../dialects/endpoint.js';
import type { RequestFacts } from '../dialects/request-facts.js';
import { CallRefused, type RelayError } from '../errors.js';
import type { RateState } from '../limits/call-limits.js';
import type { HeldCall } from './place-hold.js';
import { affordableLimit } from './quote.js';
import type { CallServices } from './call-services.js';
import { UNNAMABLE } from '../../support/clean-text.js';
import { ClientGone } from '../request-body.js';
import { sendError } from './send-error.js';
import { SettleCall } from './settle-call.js';
import type { FailedCall } from '../settlement/settlement.js';

/** One call to a model, in any dialect, from the first byte of the request to the last of the answer. */
export class RelayedCall implements CallUnderWay {
  place = -1;
  request: AnyCallRequest | undefined;
  private readonly admission: CallAdmission;
  private readonly body: CallBody;
  private attempts: Attempts | undefined;
  private usedTokens = 0;

  constructor(
    private readonly parts: CallServices,
    private readonly endpoint: Endpoint | FormEndpoint,
    private readonly identity: CallIdentity,
    incoming: IncomingMessage,
    private readonly facts: RequestFacts,
    private readonly client: ClientResponse,
  ) {
    const accessKey = endpoint.dialect.accessKey(facts);
    this.body = new CallBody(parts, endpoint, incoming, facts);
    this.admission = new CallAdmission(parts, identity, accessKey, facts.address);
    client.listen(
      () => {
        if (this.attempts?.stream?.begun) this.attempts.stream.clientGone();
        else this.attempts?.stop();
      },
      () => this.attempts?.stream?.clientDrained(),
    );
  }

  /** Never rejects; whatever goes wrong becomes an answer, a record or both. */
  async run(): Promise<CallEnd> {
    try {
      return await this.story();
    } catch (error) {
      return await this.refuse(error);
    } finally {
      this.admission.leave(this.usedTokens, this.client.gone);
      await this.body.discard();
    }
  }

  /** Called about once a second: nothing in a call waits without a bound. `nowMs` is performance.now(). */
  checkDeadlines(nowMs: number): void {
    const { settings } = this.parts;
    const age = nowMs - this.identity.startedMs;
    if (!this.attempts) {
      this.body.checkDeadline(age);
      return;
    }
    const { stalledSinceMs } = this.client;
    if (stalledSinceMs !== undefined && nowMs - stalledSinceMs > settings.clientStallTimeoutMs) {
      this.client.destroy();
    }
    const { stream } = this.attempts;
    const holdingForMs = stream?.holdingSinceMs === undefined ? 0 : nowMs - stream.holdingSinceMs;
    stream?.keepAwake(nowMs);
    if (holdingForMs > settings.tailTimeoutMs || age > settings.maxCallMs) stream?.giveUp();
  }

  /** The process is going down: what has been delivered is settled, the rest is not waited for. */
  abandon(): void {
    this.body.expire({ code: 'shutting_down', retryAfterMs: 1_000 });
    this.attempts?.stop();
  }

  private async story(): Promise<CallEnd> {
    const entered = await this.admission.enter();
    await this.admission.admit(entered, (rate) => this.tellRate(rate));
    // Its body would be waited for in vain.
    if (this.client.gone) throw new ClientGone();
    const { request, body } = await this.body.receive(entered.key.view.tokenId);
    // Before anything is recorded of it, under that name.
    refuseUncleanModel(request.model);
    this.request = request;
    await this.admission.admitTokens(request.promptTokens, (rate) => this.tellRate(rate));
    const deliveredTokens = () => this.attempts?.stream?.delivered.estimatedTokens ?? 0;
    const held = await this.admission.hold(request, entered, deliveredTokens);
    if (this.client.gone) throw new ClientGone();
    const conversation = conversationOfCall(held, this.facts.headers, body);
    this.attempts = new Attempts(this.parts, this.client, {
      request,
      conversation,
      ...limitsOf(request, held),
      headers: this.facts.headers,
      startedMs: this.identity.startedMs,
    });
    const outcome = await this.attempts.run(this.candidates(held, request, conversation));
    return this.conclude({ request, body }, held, outcome);
  }

  /** The calls of a conversation draw the same lots, those of one account never those of another. */
  private candidates(
    { quoted }: HeldCall,
    { model }: AnyCallRequest,
    conversation: string | undefined,
  ): Candidates {
    const { channels } = quoted;
    const lot = conversation === undefined ? lotOfChance(this.parts.draw) : lotOf(conversation);
    return new Candidates(channelOrder(channels, lot), model, this.identity.callId, this.parts.traffic);
  }

  private async conclude(
    { request, body }: ReceivedCall,
    held: HeldCall,
    outcome: Outcome,
  ): Promise<CallEnd> {
    if (outcome.kind === 'completion' || outcome.kind === 'stream' || outcome.kind === 'left') {
      const fields = callFields(this.identity, held.key, request.model, request.streamed);
      const call = { identity: this.identity, dialect: this.endpoint.dialect, fields, request, body, held };
      const settle = new SettleCall(this.parts, this.client, call);
      const uncharged = await settle.conclude(outcome);
      this.usedTokens = settle.usedTokens;
      if (!uncharged) return this.client.gone ? CLIENT_CLOSED : { status: 200, code: undefined };
      const { stage, end } = uncharged;
      if (stage) this.admission.fail(request, stage, end, { channelId: outcome.by.channel.channelId });
      return end;
    }
    if (this.client.gone) throw new ClientGone();
    await this.admission.release();
    const { channelId } = outcome;
    if (outcome.kind === 'failed') return this.answerError(outcome.error, 'upstream', channelId);
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    if (outcome.retryAfter !== undefined) headers['retry-after'] = outcome.retryAfter;
    this.client.send(outcome.status, headers, outcome.body);
    const end = { status: outcome.status, code: 'upstream_error' };
    this.admission.fail(request, 'upstream', end, { channelId });
    return end;
  }

  /** The end of a call that is not an answer of upstream. */
  private async refuse(error: unknown): Promise<CallEnd> {
    await this.admission.release();
    if (error instanceof ClientGone || this.client.gone) {
      if (this.admission.held) this.admission.fail(this.request, 'client', CLIENT_CLOSED);
      return CLIENT_CLOSED;
    }
    const { observer } = this.parts;
    if (error instanceof CallRefused) {
      if (error.cause !== undefined) observer.fault('ledger', error.cause);
      return this.answerError(error.refusal, 'refused', null);
    }
    observer.fault('call', error);
    return this.answerError({ code: 'internal' }, 'internal', null);
  }

  private tellRate(rate: RateState): void {
    this.client.annotate(this.endpoint.dialect.rateHeaders(rate, this.parts.now()));
  }

  private answerError(error: RelayError, stage: FailedCall['stage'], channelId: string | null): CallEnd {
    if (error.code === 'rate_limit_exceeded') this.tellRate(exhausted(error));
    const end = sendError(this.client, this.endpoint.dialect, error);
    const amounts =
      error.code === 'insufficient_quota' ? { needed: error.needed, available: error.available } : {};
    // Whoever asks too fast must not be able to fill the log.
    if (error.code !== 'rate_limit_exceeded') {
      this.admission.fail(this.request, stage, end, { channelId, ...amounts });
    }
    return end;
  }
}

/** Also what stands in the address reaches the log and its readers as it is. @throws CallRefused */
function refuseUncleanModel(model: string): void {
  if (!UNNAMABLE.test(model)) return;
  throw new CallRefused({
    code: 'invalid_request',
    message: '"model" contains characters that are not allowed.',
    param: 'model',
  });
}

/** The limit of the output as upstream is told it where the client named another or none, and as the call is held. */
function limitsOf(request: AnyCallRequest, held: HeldCall) {
  const lowered = loweredLimit(request, held);
  return { loweredLimit: lowered, heldLimit: lowered ?? held.quoted.outputLimit };
}

/** Set where upstream must be told a lower limit than the client's (or one at all): a short balance, or a wish above the model's most. */
function loweredLimit(request: AnyCallRequest, { quoted, granted }: HeldCall): number | undefined {
  if (granted < quoted.amount) return affordableLimit(quoted, request, granted);
  const asked = request.outputLimit;
  return asked !== undefined && asked > quoted.outputLimit ? quoted.outputLimit : undefined;
}

function exhausted({
  kind,
  limit,
  retryAfterMs,
}: Extract<RelayError, { code: 'rate_limit_exceeded' }>): RateState {
  const nothing = { limit, remaining: 0, resetMs: retryAfterMs };
  return {
    requests: kind === 'requests' ? nothing : undefined,
    tokens: kind === 'tokens' ? nothing : undefined,
  };
}
