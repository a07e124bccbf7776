import type { IncomingMessage } from 'node:http';
import { Attempts, type Outcome } from './attempts.js';
import { CallLedger } from './call-ledger.js';
import { type CallEnd, type CallIdentity, callFields, CLIENT_CLOSED } from './call-record.js';
import { channelOrder } from './channels/choose.js';
import type { ClientResponse } from './client-response.js';
import { type ChatRequest, parseChatRequest } from './dialects/openai/request.js';
import { sendError } from './dialects/openai/send-error.js';
import { CallRefused, type RelayError } from './errors.js';
import type { HeldCall } from './place-hold.js';
import { affordableLimit } from './quote.js';
import type { RelayParts } from './relay-parts.js';
import { ClientGone, RequestBody } from './request-body.js';
import { SettleCall } from './settle-call.js';
import type { FailedCall } from './settlement/settlement.js';

/** One chat completion, from the first byte of the request to the last of the answer. */
export class ChatCall {
  chat: ChatRequest | undefined;
  private readonly ledger: CallLedger;
  private body: RequestBody | undefined;
  private attempts: Attempts | undefined;

  constructor(
    private readonly parts: RelayParts,
    readonly identity: CallIdentity,
    private readonly request: IncomingMessage,
    private readonly client: ClientResponse,
  ) {
    this.ledger = new CallLedger(parts, identity, request);
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
      return this.refuse(error);
    }
  }

  /** Called about once a second: nothing in a call waits without a bound. `nowMs` is performance.now(). */
  checkDeadlines(nowMs: number): void {
    const { settings } = this.parts.dependencies;
    const age = nowMs - this.identity.startedMs;
    if (!this.attempts) {
      if (age > settings.bodyTimeoutMs) this.body?.expire({ code: 'request_timeout' });
      return;
    }
    const { stalledSinceMs } = this.client;
    if (stalledSinceMs !== undefined && nowMs - stalledSinceMs > settings.clientStallTimeoutMs) {
      this.client.destroy();
    }
    const { stream } = this.attempts;
    const holdingForMs = stream?.holdingSinceMs === undefined ? 0 : nowMs - stream.holdingSinceMs;
    if (holdingForMs > settings.tailTimeoutMs || age > settings.maxCallMs) stream?.giveUp();
  }

  /** The process is going down: what has been delivered is settled, the rest is not waited for. */
  abandon(): void {
    this.body?.expire({ code: 'shutting_down', retryAfterMs: 1_000 });
    this.attempts?.stop();
  }

  private async story(): Promise<CallEnd> {
    const { dependencies, pools } = this.parts;
    const entered = await this.ledger.enter();
    this.body = new RequestBody(this.request, dependencies.settings.maxRequestBytes);
    const chat = parseChatRequest(await this.body.whole);
    this.chat = chat;
    const deliveredTokens = () => this.attempts?.stream?.delivered.estimatedTokens ?? 0;
    const held = await this.ledger.hold(chat, entered, deliveredTokens);
    if (this.client.gone) throw new ClientGone();
    const limit = loweredLimit(chat, held);
    this.attempts = new Attempts(dependencies, pools, this.client, chat, limit);
    const channels = channelOrder(held.quoted.channels, dependencies.draw);
    return this.conclude(chat, held, await this.attempts.run(channels));
  }

  private async conclude(chat: ChatRequest, held: HeldCall, outcome: Outcome): Promise<CallEnd> {
    if (outcome.kind === 'completion' || outcome.kind === 'stream') {
      const fields = callFields(this.identity, held.key, chat.model, chat.streamed);
      const call = { identity: this.identity, fields, chat, held };
      const settle = new SettleCall(this.parts.dependencies, this.client, call);
      const uncharged = await settle.conclude(outcome);
      if (!uncharged) return { status: 200, code: undefined };
      const { stage, end } = uncharged;
      if (stage) this.ledger.fail(chat, stage, end, { channelId: outcome.by.channel.channelId });
      return end;
    }
    if (this.client.gone) throw new ClientGone();
    await this.ledger.release();
    const { channelId } = outcome;
    if (outcome.kind === 'failed') return this.answerError(outcome.error, 'upstream', channelId);
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    if (outcome.retryAfter !== undefined) headers['retry-after'] = outcome.retryAfter;
    this.client.send(outcome.status, headers, outcome.body);
    const end = { status: outcome.status, code: 'upstream_error' };
    this.ledger.fail(chat, 'upstream', end, { channelId });
    return end;
  }

  /** The end of a call that is not an answer of upstream. */
  private async refuse(error: unknown): Promise<CallEnd> {
    await this.ledger.release();
    if (error instanceof ClientGone || this.client.gone) {
      if (this.ledger.held) this.ledger.fail(this.chat, 'client', CLIENT_CLOSED);
      return CLIENT_CLOSED;
    }
    const { observer } = this.parts.dependencies;
    if (error instanceof CallRefused) {
      if (error.cause !== undefined) observer.fault('ledger', error.cause);
      return this.answerError(error.refusal, 'refused', null);
    }
    observer.fault('call', error);
    return this.answerError({ code: 'internal' }, 'internal', null);
  }

  private answerError(error: RelayError, stage: FailedCall['stage'], channelId: string | null): CallEnd {
    const end = sendError(this.client, error);
    const amounts =
      error.code === 'insufficient_quota' ? { needed: error.needed, available: error.available } : {};
    this.ledger.fail(this.chat, stage, end, { channelId, ...amounts });
    return end;
  }
}

/** Set where upstream must be told a lower limit than the client's (or one at all): a short balance, or a wish above the model's most. */
function loweredLimit(chat: ChatRequest, { quoted, granted }: HeldCall): number | undefined {
  if (granted < quoted.amount) return affordableLimit(quoted, chat, granted);
  const asked = chat.outputLimit;
  return asked !== undefined && asked > quoted.outputLimit ? quoted.outputLimit : undefined;
}
