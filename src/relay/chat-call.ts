import type { IncomingMessage } from 'node:http';
import type { AccessKey, AccessKeys } from './access/access-keys.js';
import { refuseModel } from './access/check-access.js';
import type { Entered, Gate } from './access/gate.js';
import type { RateLimit } from './access/rate-limit.js';
import { Attempts, type Outcome } from './attempts.js';
import {
  type CallEnd,
  type CallIdentity,
  callFields,
  CLIENT_CLOSED,
  failedCallOf,
  holdContext,
} from './call-record.js';
import type { Catalogue } from './catalogue.js';
import { upstreamModelOf } from './channels/channel.js';
import { channelOrder } from './channels/choose.js';
import type { UpstreamPools } from './channels/upstream.js';
import type { ClientResponse } from './client-response.js';
import { errorAnswer, publicCode } from './dialects/openai/errors.js';
import { type ChatRequest, parseChatRequest } from './dialects/openai/request.js';
import { CallRefused, type RelayError } from './errors.js';
import { type HeldCall, placeHold } from './place-hold.js';
import type { RelayDependencies } from './ports.js';
import { affordableLimit, quote, type Quote } from './quote.js';
import { ClientGone, RequestBody } from './request-body.js';
import { SettleCall } from './settle-call.js';
import type { FailedCall } from './settlement/settlement.js';

/** What all calls of a relay share. */
export interface RelayParts {
  readonly dependencies: RelayDependencies;
  readonly gate: Gate;
  readonly keys: AccessKeys;
  readonly catalogue: Catalogue;
  readonly pools: UpstreamPools;
  readonly rateLimit: RateLimit;
}

const LEDGER_AWAY: RelayError = { code: 'ledger_unavailable', retryAfterMs: 2_000 };

/** One chat completion, from the first byte of the request to the last of the answer. */
export class ChatCall {
  model: string | undefined;
  streamed = false;
  private body: RequestBody | undefined;
  private attempts: Attempts | undefined;
  private entered: Entered | undefined;
  private held: HeldCall | undefined;
  private askedForHold = false;

  constructor(
    private readonly parts: RelayParts,
    readonly identity: CallIdentity,
    private readonly request: IncomingMessage,
    private readonly client: ClientResponse,
  ) {
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
    const holdingFor = stream?.holdingSinceMs === undefined ? 0 : nowMs - stream.holdingSinceMs;
    if (holdingFor > settings.tailTimeoutMs || age > settings.maxCallMs) stream?.giveUp();
  }

  /** The process is going down: what has been delivered is settled, the rest is not waited for. */
  abandon(): void {
    this.body?.expire({ code: 'shutting_down', retryAfterMs: 1_000 });
    this.attempts?.stop();
  }

  private async story(): Promise<CallEnd> {
    const { dependencies, gate, rateLimit } = this.parts;
    this.entered = await ledger(gate.enter(this.request));
    const waitMs = rateLimit.refuse(this.entered.key.view.tokenId);
    if (waitMs !== undefined) {
      const limit = dependencies.settings.callsPerMinutePerKey;
      throw new CallRefused({ code: 'rate_limit_exceeded', retryAfterMs: waitMs, limit });
    }
    if (!dependencies.settlement.accepting) throw new CallRefused(LEDGER_AWAY);
    this.body = new RequestBody(this.request, dependencies.settings.maxRequestBytes);
    const chat = parseChatRequest(await this.body.whole);
    this.model = chat.model;
    this.streamed = chat.streamed;
    const held = await ledger(this.hold(chat, this.entered));
    this.held = held;
    if (this.client.gone) throw new ClientGone();
    const channels = channelOrder(held.quoted.channels, dependencies.draw);
    this.attempts = new Attempts(dependencies, this.parts.pools, this.client, chat, loweredLimit(chat, held));
    const outcome = await this.attempts.run(channels);
    return await this.conclude(chat, held, outcome);
  }

  private async hold(chat: ChatRequest, entered: Entered): Promise<HeldCall> {
    const { dependencies, gate, keys } = this.parts;
    const decision = (key: AccessKey | undefined) => this.quoteFor(key, chat);
    const first = await gate.decide(entered, decision);
    this.askedForHold = true;
    return placeHold(
      { ...pickHoldPorts(dependencies), keys },
      {
        holdId: this.identity.callId,
        accessKey: entered.accessKey,
        quote: decision,
        context: (key, quoted) => {
          const channel = quoted.channels[0] as Quote['channels'][number];
          return holdContext(callFields(this.identity, key, chat.model, chat.streamed), quoted.terms, {
            channelId: channel.channelId,
            upstreamModel: upstreamModelOf(channel, chat.model),
          });
        },
      },
      { key: first.key, quoted: first.result },
      () => this.attempts?.stream?.delivered.estimatedTokens ?? 0,
    );
  }

  /** @throws CallRefused */
  private async quoteFor(candidate: AccessKey | undefined, chat: ChatRequest): Promise<Quote> {
    const { dependencies, catalogue, gate } = this.parts;
    const key = gate.check(candidate, this.request.socket.remoteAddress);
    const refusal = refuseModel(key, chat.model);
    if (refusal) throw new CallRefused(refusal);
    try {
      return quote(catalogue.current, key, chat, dependencies.settings);
    } catch (error) {
      if (!(error instanceof CallRefused)) throw error;
      await catalogue.refreshForMiss();
      return quote(catalogue.current, key, chat, dependencies.settings);
    }
  }

  private async conclude(chat: ChatRequest, held: HeldCall, outcome: Outcome): Promise<CallEnd> {
    switch (outcome.kind) {
      case 'completion':
      case 'stream': {
        const settle = new SettleCall(this.parts.dependencies, this.client, {
          identity: this.identity,
          fields: callFields(this.identity, held.key, chat.model, chat.streamed),
          chat,
          held,
        });
        const failure = await settle.conclude(outcome);
        if (failure) this.fail(failure.stage, failure.end, outcome.by.channel.channelId);
        return failure?.end ?? { status: 200, code: undefined };
      }
      case 'error': {
        if (this.client.gone) throw new ClientGone();
        await this.release();
        const headers: Record<string, string> = { 'content-type': 'application/json' };
        if (outcome.retryAfter !== undefined) headers['retry-after'] = outcome.retryAfter;
        this.client.send(outcome.status, headers, outcome.body);
        const end = { status: outcome.status, code: 'upstream_error' };
        this.fail('upstream', end, outcome.channelId);
        return end;
      }
      case 'failed':
        if (this.client.gone) throw new ClientGone();
        await this.release();
        return this.answerError(outcome.error, 'upstream', outcome.channelId);
    }
  }

  /** The end of a call that is not an answer of upstream. */
  private async refuse(error: unknown): Promise<CallEnd> {
    await this.release();
    if (error instanceof ClientGone || this.client.gone) {
      if (this.held) this.fail('client', CLIENT_CLOSED, null);
      return CLIENT_CLOSED;
    }
    if (error instanceof CallRefused) return this.answerError(error.refusal, 'refused', null);
    this.parts.dependencies.observer.fault('call', error);
    return this.answerError({ code: 'internal' }, 'internal', null);
  }

  private answerError(error: RelayError, stage: FailedCall['stage'], channelId: string | null): CallEnd {
    const { status, body, headers } = errorAnswer(error);
    this.client.send(status, { 'content-type': 'application/json', ...headers }, body);
    const end = { status, code: publicCode(error) };
    const amounts =
      error.code === 'insufficient_quota' ? { needed: error.needed, available: error.available } : {};
    if (isRecorded(error)) this.fail(stage, end, channelId, amounts);
    return end;
  }

  /** Only calls of a known key for a named model are recorded: strangers do not write to the log. */
  private fail(
    stage: FailedCall['stage'],
    end: CallEnd,
    channelId: string | null,
    amounts: { needed?: bigint; available?: bigint } = {},
  ): void {
    const key = this.held?.key ?? this.entered?.key;
    if (!key || this.model === undefined) return;
    const fields = callFields(this.identity, key, this.model, this.streamed);
    const durationMs = performance.now() - this.identity.startedMs;
    const code = end.code ?? 'internal_error';
    this.parts.dependencies.settlement.fail(
      failedCallOf(fields, { stage, status: end.status, code, channelId, durationMs, ...amounts }),
    );
  }

  /** Also after a hold whose answer never came: it may have been placed. What cannot be released runs out with its lease. */
  private async release(): Promise<void> {
    if (!this.askedForHold) return;
    const { balance, holds, observer } = this.parts.dependencies;
    holds.forget(this.identity.callId);
    try {
      await balance.release([this.identity.callId]);
    } catch (error) {
      observer.fault('release', error);
    }
  }
}

/** What goes wrong between the relay and its ledger is the ledger's absence to a client. */
async function ledger<Result>(step: Promise<Result>): Promise<Result> {
  try {
    return await step;
  } catch (error) {
    if (error instanceof CallRefused) throw error;
    throw new CallRefused(LEDGER_AWAY);
  }
}

function pickHoldPorts({ balance, loadBudgets, holds, observer }: RelayDependencies) {
  return { balance, loadBudgets, holds, observer };
}

/** Mistakes of the client cost nothing and teach nothing; what the ledger or an upstream refused is part of the books. */
function isRecorded({ code }: RelayError): boolean {
  return !(
    ['invalid_request', 'invalid_api_key', 'rate_limit_exceeded', 'shutting_down'] as string[]
  ).includes(code);
}

/** Set where upstream must be told a lower limit than the client's (or one at all): a short balance, or a wish above the model's most. */
function loweredLimit(chat: ChatRequest, { quoted, granted }: HeldCall): number | undefined {
  if (granted < quoted.amount) return affordableLimit(quoted, chat, granted);
  const asked = chat.outputLimit;
  return asked !== undefined && asked > quoted.outputLimit ? quoted.outputLimit : undefined;
}
