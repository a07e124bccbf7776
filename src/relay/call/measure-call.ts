import type { Price } from '../../domain/pricing/price.js';
import {
  isTierWithoutRatio,
  type ServiceTier,
  serviceTierNamed,
  serviceTierRatio,
} from '../../domain/pricing/service-tiers.js';
import type { Usage } from '../../domain/pricing/usage.js';
import type { Doubt } from '../../domain/usage/events.js';
import type { AnswerStream } from '../dialects/answer-stream.js';
import type { AnyCallRequest } from '../dialects/call-request.js';
import type { Dialect } from '../dialects/dialect.js';
import { parseAhead } from '../dialects/json/body.js';
import { doubtOf, meter, type MeteredUsage, type MeterSource, withoutPrompt } from '../metering/meter.js';
import { withSearches } from '../metering/meter-searches.js';
import { meterSound } from '../metering/meter-sound.js';
import { believableBeside, type UsageBeside } from '../metering/usage-beside.js';
import type { Consumption } from '../settlement/settlement.js';
import type { Channel } from '../upstreams/channel.js';
import type { Answered } from './outcome.js';
import { type Bill, billOf } from './bill.js';
import { type callFields, type CallIdentity, consumptionOf } from './call-record.js';
import type { HeldCall } from './place-hold.js';
import type { Terms } from './quote.js';
import type { CallServices } from './call-services.js';

export interface SettledCall {
  readonly identity: CallIdentity;
  readonly fields: ReturnType<typeof callFields>;
  readonly dialect: Dialect;
  readonly request: AnyCallRequest;
  /** Looked into again where its prompt must be counted; none of a form. */
  readonly body: Buffer;
  readonly held: HeldCall;
}

/** How a call was answered, and what upstream said that it used. */
export interface AnsweredCall {
  readonly by: Answered;
  readonly said: Pick<MeterSource, 'reported' | 'reportedPrompt' | 'isEarly' | 'runs'> &
    Pick<AnswerStream, 'beside' | 'serviceTier'>;
  readonly output: MeterSource['outputText'];
  readonly ended: Consumption['ended'];
  readonly firstByteAtMs: number | undefined;
}

/** Meters an answered call and charges it by the terms that it was held under. */
export async function measureCall(
  parts: Pick<CallServices, 'observer' | 'settings'>,
  { identity, fields, request, body, held }: SettledCall,
  { by, said, output, ended, firstByteAtMs }: AnsweredCall,
): Promise<{ readonly consumption: Consumption; readonly usedTokens: number }> {
  const { terms } = held.quoted;
  const { model, units } = request;
  const whole = await meterAnswer(parts.settings, { request, body }, terms, said, output);
  const givesBack = ended === 'client-closed' && parts.settings.abortCharge === 'delivered';
  const metered = givesBack ? withoutPrompt(whole) : whole;
  const contexts = request.contexts ?? request.choices;
  const beside = believableBeside(said.beside ?? [], (other) => ({
    contextWindow: (other === undefined ? terms : terms.ofModel(other))?.price.context_window,
    contexts,
  }));
  const bill = billOf(terms, {
    model,
    usage: metered.usage,
    beside: beside.usable,
    image: units?.image,
    serviceTier: serviceTierIn(request.asks?.serviceTier, said.serviceTier),
  });
  const doubt =
    metered.doubt ?? beside.doubt ?? doubtOfPrice(bill, said.serviceTier, terms.price, by.channel.settings);
  if (doubt) {
    const { channelId } = by.channel;
    parts.observer.usageRefused({ requestId: identity.requestId, channelId, detail: doubt.reason });
  }
  const consumption = consumptionOf({
    fields,
    terms,
    by,
    metered: { ...metered, doubt },
    bill,
    granted: held.granted,
    ended,
    durationMs: performance.now() - identity.startedMs,
    firstByteMs: firstByteAtMs === undefined ? null : firstByteAtMs - identity.startedMs,
  });
  return { consumption, usedTokens: tokensOf(metered.usage, beside.usable) };
}

async function meterAnswer(
  { countBudgetMs }: CallServices['settings'],
  { request, body }: Pick<SettledCall, 'request' | 'body'>,
  { price }: Terms,
  said: AnsweredCall['said'],
  outputText: MeterSource['outputText'],
): Promise<MeteredUsage> {
  const contexts = request.contexts ?? request.choices;
  const expected = { contextWindow: price.context_window, contexts, ...request.units };
  // A large body is parsed in turns each time that it is looked into.
  const promptText = async () => {
    await parseAhead(body);
    return request.promptText();
  };
  const promptMedia = async () => {
    if (!request.promptMedia) return 0;
    await parseAhead(body);
    return request.promptMedia();
  };
  const { reported, reportedPrompt, isEarly, runs } = said;
  // Written out: what begins with a spread and goes on is of a class of its own each time (ADR 0058).
  const source = { reported, reportedPrompt, isEarly, runs, expected, promptText, promptMedia, outputText };
  const measured =
    request.likelyMediaMs === undefined
      ? await meter(source, countBudgetMs)
      : await meterSound(source, request.likelyMediaMs, price, countBudgetMs);
  return withSearches(measured, request.likelySearches, price);
}

/** As upstream reports it, else as it was asked for. */
function serviceTierIn(
  asked: ServiceTier | 'any' | undefined,
  reported: string | undefined,
): ServiceTier | undefined {
  if (reported !== undefined) return serviceTierNamed(reported);
  return asked === 'any' ? undefined : asked;
}

/**
 * A model that no price list knows is charged as the one that was called, and a class of service without a ratio as the list says, until
 * somebody has looked. A channel that allows classes of service has an operator who knows that.
 */
function doubtOfPrice(
  { unpriced: [model], serviceTier, usage }: Bill,
  reported: string | undefined,
  price: Price,
  { allowed_members: allowed }: Channel['settings'],
): Doubt | undefined {
  if (model !== undefined) return doubtOf(usage, `no price list knows ${model}, which did a part`);
  const isPriced = price.per_call_usd !== null || serviceTierRatio(price, serviceTier) !== undefined;
  const named =
    serviceTier ?? (reported !== undefined && isTierWithoutRatio(reported) ? reported : undefined);
  if (named === undefined || isPriced || allowed.includes('service_tier')) return undefined;
  return doubtOf(usage, `no ratio for the class of service ${named}, which upstream reports`);
}

const tokensOf = (usage: Usage, beside: readonly UsageBeside[]): number =>
  [{ usage }, ...beside].reduce(
    (sum, part) => sum + part.usage.prompt_tokens + part.usage.completion_tokens,
    0,
  );
