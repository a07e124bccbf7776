import type { OutgoingHttpHeaders } from 'node:http';
import { type Usage, usageFrom } from '../../domain/pricing/usage.js';
import type { Answered, Outcome } from './outcome.js';
import { type CallEnd, CLIENT_CLOSED } from './call-record.js';
import { quotesKey } from '../upstreams/without-secrets.js';
import type { ClientResponse } from './client-response.js';
import { writtenIn } from '../dialects/read-answer.js';
import type { AnswerStream } from '../dialects/answer-stream.js';
import type { AnyCallRequest } from '../dialects/call-request.js';
import { publicCode, statusOf, LEDGER_AWAY, type RelayError } from '../errors.js';
import { type AnsweredCall, measureCall, type SettledCall } from './measure-call.js';
import { releaseHold } from './place-hold.js';
import type { CallServices } from './call-services.js';
import { sendError } from './send-error.js';
import type { Consumption, FailedCall } from '../settlement/settlement.js';

/** A call that ended without a charge. */
export interface Uncharged {
  /** Undefined: not to be recorded as failed, for that would end a call that the sweeper has still to charge. */
  readonly stage: FailedCall['stage'] | undefined;
  readonly end: CallEnd;
}

type SettleParts = Pick<CallServices, 'settlement' | 'holds' | 'balance' | 'kept' | 'observer' | 'settings'>;
type LeftOutcome = Extract<Outcome, { kind: 'left' }>;
type AnsweredOutcome = Extract<Outcome, { kind: 'completion' | 'stream' | 'left' }>;

const NOTHING_WRITTEN: AnsweredCall['output'] = () => ({ texts: [], estimatedBeyond: 0 });

/** The end of an answered call: meter, charge, and only when the charge is durable the last of the answer. */
export class SettleCall {
  /** Prompt and output together, once the call is measured. */
  usedTokens = 0;
  /** Of the charge, once it is in the log. */
  private position: bigint | undefined;

  constructor(
    private readonly parts: SettleParts,
    private readonly client: ClientResponse,
    private readonly call: SettledCall,
  ) {}

  /** Undefined: there is a durable charge, exactly one. Otherwise there is none, and the hold is free or left to the sweeper. */
  conclude(outcome: AnsweredOutcome): Promise<Uncharged | undefined> {
    if (outcome.kind === 'left') return this.left(outcome);
    return outcome.kind === 'completion' ? this.completion(outcome) : this.stream(outcome);
  }

  /** Nothing was delivered, but upstream has the whole request: the client owes the prompt. */
  private async left({
    by,
    promptUsage,
    serviceTier,
    leaves,
  }: Omit<LeftOutcome, 'kind'>): Promise<Uncharged | undefined> {
    if (this.parts.settings.abortCharge === 'prompt') {
      const consumption = await this.measure({
        by,
        said: {
          reported: undefined,
          reportedPrompt: promptUsage ?? textToBeSaid(this.call.request),
          serviceTier,
        },
        output: NOTHING_WRITTEN,
        ended: 'client-closed',
        firstByteAtMs: undefined,
      });
      return (await this.conclusive(consumption, by, leaves)) ? undefined : this.notDurable();
    }
    await this.keep(by, leaves);
    await releaseHold(this.parts, this.call.identity.callId);
    return { stage: 'client', end: CLIENT_CLOSED };
  }

  private async completion(
    outcome: Extract<Outcome, { kind: 'completion' }>,
  ): Promise<Uncharged | undefined> {
    const { usage: reported, beside, runs, serviceTier, contentType, rendered } = outcome.read;
    // Nobody takes the answer any more: what upstream reports is paid for, unless only what was delivered is.
    const isLeft = this.client.gone && (!reported || this.parts.settings.abortCharge === 'delivered');
    if (isLeft) {
      const { leaves } = outcome.read;
      return this.left({ by: outcome.by, promptUsage: undefined, serviceTier, leaves });
    }
    const ended = this.client.gone ? 'client-closed' : 'complete';
    const output = () => writtenIn(outcome.read);
    const said = { reported, beside, runs, serviceTier };
    const consumption = await this.measure({
      by: outcome.by,
      said,
      output,
      ended,
      firstByteAtMs: performance.now(),
    });
    // Before anything is charged: what cannot be said to the client is no answer.
    const body = rendered?.(consumption.usage) ?? outcome.body;
    if (!(await this.conclusive(consumption, outcome.by, outcome.read.leaves))) return this.notDurable();
    const headers = { 'content-type': contentType ?? 'application/json', ...outcome.read.headers };
    this.client.send(200, this.withCharge(headers, consumption), body);
    return undefined;
  }

  private async stream(outcome: Extract<Outcome, { kind: 'stream' }>): Promise<Uncharged | undefined> {
    const { stream, end } = outcome;
    const { sifter, delivered } = stream;
    const reported = end === 'complete' || !sifter.usageIsStale ? sifter.usage : undefined;
    // What a report that is out of date says of the prompt is true all the same.
    const { promptUsage: reportedPrompt = sifter.usage, beside, runs, serviceTier } = sifter;
    const isEarly = sifter.usageIsEarly;
    const said = { reported, reportedPrompt, isEarly, beside, runs, serviceTier };
    if (end === 'client-closed' && !stream.worthCharging) {
      const { leaves } = sifter;
      return this.left({ by: outcome.by, promptUsage: reportedPrompt, serviceTier, leaves });
    }
    if (end === 'cut' && !stream.worthCharging) return this.nothingDelivered(outcome);
    const rest = stream.rest();
    // One by one: a converted end is told from what stands before it by having no bytes until the charge is known.
    if (end === 'complete') for (const bytes of rest) delivered.add(bytes);
    const ended = end === 'cut' ? 'upstream-cut' : end;
    const output = () => delivered.take();
    const consumption = await this.measure({
      by: outcome.by,
      said,
      output,
      ended,
      firstByteAtMs: stream.firstByteAtMs,
    });
    if (!(await this.conclusive(consumption, outcome.by, sifter.leaves))) return this.notDurable(sifter);
    if (end === 'cut') this.breakOff(lastFrameOf(outcome, this.client.requestId));
    else {
      if (!this.client.begun) this.client.begin(this.withCharge(stream.headers, consumption));
      sifter.told?.(consumption.usage);
      this.client.end(Buffer.concat(sifter.told ? stream.rest() : rest));
    }
    return undefined;
  }

  /** Not a word has reached the client: it owes nothing. */
  private async nothingDelivered(outcome: Extract<Outcome, { kind: 'stream' }>): Promise<Uncharged> {
    await releaseHold(this.parts, this.call.identity.callId);
    this.breakOff(lastFrameOf(outcome, this.client.requestId));
    await this.keep(outcome.by, outcome.stream.sifter.leaves);
    const error: RelayError = { code: 'upstream_unavailable' };
    return { stage: 'upstream', end: { status: statusOf(error), code: publicCode(error) } };
  }

  private async measure(answered: AnsweredCall): Promise<Consumption> {
    const { consumption, usedTokens } = await measureCall(this.parts, this.call, answered);
    this.usedTokens = usedTokens;
    return consumption;
  }

  /** The charge, and the record of what the answer left at upstream: a client that has the end of its answer may refer to it at once. */
  private async conclusive(
    consumption: Consumption,
    by: Answered,
    leaves: readonly string[] = [],
  ): Promise<boolean> {
    if (leaves.length === 0) return this.charge(consumption);
    const recorded = this.keep(by, leaves);
    const charged = await this.charge(consumption);
    await recorded;
    return charged;
  }

  /** Never rejects: the answer is worth more than what a later call may refer to. */
  private async keep(
    { channel: { channelId, keyId } }: Answered,
    leaves: readonly string[] = [],
  ): Promise<void> {
    if (leaves.length === 0) return;
    const { kept, observer } = this.parts;
    const { accountId } = this.call.held.key.view;
    const left = { accountId, channelId, keyId, tokens: this.usedTokens };
    await kept.keep(left, leaves).catch((error: unknown) => observer.fault('kept', error));
  }

  /** What the charge is, and where in the log: a read with that as `min_position` shows it. A charge in the spool has no place there yet. */
  private withCharge(headers: OutgoingHttpHeaders, { quota }: Consumption): OutgoingHttpHeaders {
    headers['x-counterfoil-charge'] = String(quota);
    if (this.position !== undefined) headers['x-counterfoil-position'] = this.position.toString();
    return headers;
  }

  /** False when neither the log nor the spool took it. */
  private async charge(consumption: Consumption): Promise<boolean> {
    const { settlement, holds, observer } = this.parts;
    try {
      const receipt = await settlement.charge(consumption);
      const position = receipt.durable === 'log' ? receipt.position : undefined;
      this.position = position;
      holds.settled(consumption.call_id, consumption.quota, position);
      observer.charged(consumption);
      return true;
    } catch (error) {
      observer.fault('charge', error);
      return false;
    }
  }

  /** The end is withheld. What of a stream is out already is the sweeper's to charge, from the last heartbeat. */
  private async notDurable(stream?: AnswerStream): Promise<Uncharged> {
    const end = { status: statusOf(LEDGER_AWAY), code: publicCode(LEDGER_AWAY) };
    if (this.client.begun && stream) {
      this.parts.holds.forget(this.call.identity.callId);
      this.breakOff(stream.errorFrame(LEDGER_AWAY, this.client.requestId));
      return { stage: undefined, end };
    }
    await releaseHold(this.parts, this.call.identity.callId);
    sendError(this.client, this.call.dialect, LEDGER_AWAY);
    return { stage: 'internal', end };
  }

  /** The end of an answer that is not whole; without a frame that says so, a clean end would look like one. */
  private breakOff(lastFrame: Buffer | undefined): void {
    if (lastFrame) this.client.end(lastFrame);
    else this.client.destroy();
  }
}

/**
 * What a client sees of a stream that was cut: upstream's own error where it sent one that does not quote the channel's key, else ours; never
 * a false end.
 */
function lastFrameOf(
  { by, stream: { sifter, failure } }: Extract<Outcome, { kind: 'stream' }>,
  requestId: string,
): Buffer | undefined {
  const said = sifter.error && (sifter.upstreamError?.(requestId) ?? sifter.tail());
  if (said && !quotesKey(said, by.channel)) return said;
  const error: RelayError =
    failure === 'aborted'
      ? { code: 'shutting_down', retryAfterMs: 1_000 }
      : { code: failure === 'timeout' ? 'upstream_timeout' : 'upstream_unavailable' };
  return sifter.errorFrame(error, requestId);
}

/** A prompt that is priced by its letters, of which upstream says nothing. */
function textToBeSaid({ promptTokens, units }: AnyCallRequest): Usage | undefined {
  return units?.characters
    ? usageFrom({ prompt_tokens: promptTokens, characters: units.characters })
    : undefined;
}
