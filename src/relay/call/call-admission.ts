import type { AccessKey } from '../access/access-keys.js';
import { refuseModel } from '../access/check-access.js';
import type { Entered } from '../access/gate.js';
import { type CallEnd, type CallIdentity, callFields, failedCallOf, holdContext } from './call-record.js';
import { type ServingChannel, upstreamModelOf } from '../upstreams/channel.js';
import type { AnyCallRequest } from '../dialects/call-request.js';
import { CallRefused, LEDGER_AWAY } from '../errors.js';
import type { Admission, RateState } from '../limits/call-limits.js';
import { type HeldCall, placeHold, releaseHold } from './place-hold.js';
import { quote, type Quote } from './quote.js';
import type { CallServices } from './call-services.js';
import { type Placement, placementOf } from '../kept/placement.js';
import type { FailedCall } from '../settlement/settlement.js';

/** One call's dealings with the ledger before its charge: who calls, the hold, its release, the record of a call that cost nothing. */
export class CallAdmission {
  entered: Entered | undefined;
  held: HeldCall | undefined;
  private askedForHold = false;
  private admission: Admission | undefined;

  constructor(
    private readonly parts: CallServices,
    private readonly identity: CallIdentity,
    /** As the client gave it; undefined when it gave none. */
    private readonly accessKey: string | undefined,
    private readonly address: string | undefined,
  ) {}

  /** The key behind the call. @throws CallRefused */
  async enter(): Promise<Entered> {
    const { gate, catalogue, limits, settlement } = this.parts;
    this.entered = await orLedgerAway(gate.enter(this.accessKey, this.address));
    limits.precheck(catalogue.current.settings.limits, this.entered.key);
    if (!settlement.accepting) throw new CallRefused(LEDGER_AWAY);
    return this.entered;
  }

  /**
   * Counts the call against the limits that concern it, before its body is read: its tokens follow. `onRate` is told what they leave.
   * @throws CallRefused
   */
  async admit({ key }: Entered, onRate: (rate: RateState) => void): Promise<void> {
    const { limits, catalogue } = this.parts;
    const { settings } = catalogue.current;
    const { callId } = this.identity;
    await orLedgerAway(limits.aborts.check(key, callId));
    this.admission = await orLedgerAway(limits.admit(settings.limits, key, callId, 0, onRate));
  }

  /** Counts the tokens of its prompt, where they are limited. @throws CallRefused */
  async admitTokens(promptTokens: number, onRate: (rate: RateState) => void): Promise<void> {
    if (this.admission)
      await orLedgerAway(this.parts.limits.admitTokens(this.admission, promptTokens, onRate));
  }

  /** The call is over; it used so many tokens. `wasLeft`: its client hung up on it after it had been held. */
  leave(usedTokens: number, wasLeft: boolean): void {
    if (wasLeft && this.held) this.parts.limits.aborts.count(this.held.key, this.identity.callId);
    if (this.admission) this.parts.limits.leave(this.admission, usedTokens);
  }

  /** @throws CallRefused */
  async hold(request: AnyCallRequest, entered: Entered, deliveredTokens: () => number): Promise<HeldCall> {
    this.held = await orLedgerAway(this.place(request, entered, deliveredTokens));
    return this.held;
  }

  /** Also after a hold whose answer never came: it may have been placed. */
  async release(): Promise<void> {
    if (this.askedForHold) await releaseHold(this.parts, this.identity.callId);
  }

  /** Records a call that cost nothing. Only calls of a known key for a named model: strangers do not write to the log. */
  fail(
    request: { readonly model: string; readonly streamed: boolean } | undefined,
    stage: FailedCall['stage'],
    end: CallEnd,
    about: { channelId?: string | null; needed?: bigint; available?: bigint } = {},
  ): void {
    const key = this.held?.key ?? this.entered?.key;
    if (!key || !request) return;
    const fields = callFields(this.identity, key, request.model, request.streamed);
    const durationMs = performance.now() - this.identity.startedMs;
    const code = end.code ?? 'internal_error';
    this.parts.settlement.fail(
      failedCallOf(fields, { stage, status: end.status, code, durationMs, ...about }),
    );
  }

  private async place(
    request: AnyCallRequest,
    entered: Entered,
    deliveredTokens: () => number,
  ): Promise<HeldCall> {
    const { gate, kept } = this.parts;
    const { references = [] } = request.asks ?? {};
    const placement =
      references.length === 0 ? undefined : await placementOf(kept, entered.key.view.accountId, references);
    const decision = (key: AccessKey | undefined) => this.quoteFor(key, request, placement);
    const { key, result: quoted } = await gate.decide(entered, decision);
    this.askedForHold = true;
    const story = {
      holdId: this.identity.callId,
      accessKey: entered.accessKey,
      startedAt: this.identity.startedAt,
      quote: decision,
      context: (holder: AccessKey, under: Quote) => this.contextOf(holder, under, request),
    };
    return placeHold(this.parts, story, { key, quoted }, deliveredTokens);
  }

  /** Names the channel that is most likely to be tried first; the charge names the one that answered. */
  private contextOf(key: AccessKey, quoted: Quote, request: AnyCallRequest): string {
    const channel = quoted.channels[0] as ServingChannel;
    const asked = request.asks?.serviceTier;
    const fields = callFields(this.identity, key, request.model, request.streamed);
    const first = {
      channelId: channel.channelId,
      upstreamModel: upstreamModelOf(channel, request.model),
    };
    const usageAfter = this.parts.settlement.endingAfter(fields);
    return holdContext(fields, quoted.terms, asked === 'any' ? undefined : asked, first, usageAfter);
  }

  /** @throws CallRefused */
  private async quoteFor(
    candidate: AccessKey | undefined,
    request: AnyCallRequest,
    placement: Placement | undefined,
  ): Promise<Quote> {
    const { catalogue, gate, settings } = this.parts;
    const key = gate.check(candidate, this.address);
    for (const model of [request.model, ...(request.asks?.models ?? [])]) {
      const refusal = refuseModel(key, model);
      if (refusal) throw new CallRefused(refusal);
    }
    try {
      return quote(catalogue.current, key, request, settings, placement);
    } catch (error) {
      if (!(error instanceof CallRefused)) throw error;
      await catalogue.refreshForMiss();
      return quote(catalogue.current, key, request, settings, placement);
    }
  }
}

async function orLedgerAway<Result>(step: Promise<Result>): Promise<Result> {
  try {
    return await step;
  } catch (error) {
    if (error instanceof CallRefused) throw error;
    throw new CallRefused(LEDGER_AWAY, { cause: error });
  }
}
