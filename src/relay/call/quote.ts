import { MAX_BALANCE } from '../../domain/money/quota.js';
import { groupRatioFor } from '../../domain/pricing/group-ratio.js';
import type { Price } from '../../domain/pricing/price.js';
import { type UsageBound, worstCharge } from '../../domain/pricing/worst-case.js';
import type { AccessKey } from '../access/access-keys.js';
import type { CatalogueSnapshot } from '../catalogue.js';
import { dialectsOf, type ServingChannel } from '../upstreams/channel.js';
import { speakersOf } from '../conversions/converting.js';
import type { AnyCallRequest, QuotedRequest } from '../dialects/call-request.js';
import { CallRefused } from '../errors.js';
import type { RelaySettings } from '../ports.js';
import { boundOf } from './call-bound.js';
import { type Placement, placed } from '../kept/placement.js';
import { permitted } from './permitted.js';

/** The prices a call is held and charged under, from the catalogue it began with. */
export interface Terms {
  readonly priceVersion: number;
  readonly price: Price;
  readonly group: string;
  /** In force for this user and model. */
  readonly groupRatio: string;
  /** The user's group, where the ratio was chosen by it. */
  readonly userGroup: string | undefined;
  /** The same for another model that did a part of the call; undefined where no price list knows it. */
  readonly ofModel: (model: string) => ModelTerms | undefined;
}

/** What a model's tokens are charged by. */
export type ModelTerms = Pick<Terms, 'price' | 'groupRatio'>;

export interface Quote {
  readonly terms: Terms;
  /** Those with a protocol that the request can be spoken in, by tier; at least one. */
  readonly channels: readonly ServingChannel[];
  /** Output tokens of a choice in the worst case. */
  readonly outputLimit: number;
  /** What beside the output the call may use. */
  readonly bound: UsageBound;
  /** Quota of the worst case, and of the least that is still useful. */
  readonly amount: bigint;
  readonly atLeast: bigint;
}

/**
 * The worst case of a call at the prices in force. @throws CallRefused `model_not_found` when no price list knows the model, `no_channel` when
 * nothing serves it to the key's group, `dialect_not_supported` when all that do speak other protocols, `invalid_request` when it cannot be
 * converted for them, or none of those may take what its members ask for
 */
export function quote(
  catalogue: CatalogueSnapshot,
  key: AccessKey,
  request: QuotedRequest & Pick<AnyCallRequest, 'spoken' | 'convertible'>,
  settings: Pick<RelaySettings, 'leastOutputTokens' | 'unseenPromptTokens'>,
  placement?: Placement,
): Quote {
  const { model, choices } = request;
  const price = catalogue.prices.get(model);
  if (!price) throw new CallRefused({ code: 'model_not_found', model });
  const group = catalogue.groups.get(key.group);
  const serving = catalogue.channels(key.group, model);
  if (!group || serving.length === 0)
    throw new CallRefused({ code: 'no_channel', model, disabled: catalogue.isDisabled(key.group, model) });
  const outputLimit = Math.min(request.outputLimit ?? price.max_output_tokens, price.max_output_tokens);
  const { channels: speaking, refusal } = speakersOf(serving, request, outputLimit);
  if (speaking.length === 0) {
    if (refusal)
      throw new CallRefused({ code: 'invalid_request', message: refusal.message, param: refusal.param });
    const protocols = [...new Set(serving.flatMap((channel) => channel.protocols))];
    const dialects = [...dialectsOf(protocols)].sort();
    throw new CallRefused({ code: 'dialect_not_supported', model, dialects, protocols });
  }
  const channels = placed(permitted(speaking, request, price), placement, model);
  const ratioOf = (name: string) => groupRatioFor(group, key.view.accountGroup, name);
  const { ratio: groupRatio, userGroup } = ratioOf(model);
  const ofModel = (other: string): ModelTerms | undefined => {
    const itsPrice = catalogue.prices.get(other);
    return itsPrice && { price: itsPrice, groupRatio: ratioOf(other).ratio };
  };
  const terms = {
    priceVersion: catalogue.priceVersion,
    price,
    group: group.name,
    groupRatio,
    userGroup,
    ofModel,
  };
  const bound = boundOf(request, price, settings.unseenPromptTokens, placement?.promptTokens);
  const amount = worstCase(terms, bound, outputLimit * choices);
  const leastOutput = Math.min(outputLimit, Math.max(settings.leastOutputTokens, request.leastOutput ?? 0));
  const atLeast =
    catalogue.settings.hold_policy === 'clamp' ? worstCase(terms, bound, leastOutput * choices) : amount;
  return { terms, channels, outputLimit, bound, amount, atLeast };
}

/**
 * The most output tokens a choice may have so that the call stays within `granted`: the largest limit whose worst case does, found by
 * halving, so that the one formula of the charge decides here too.
 */
export function affordableLimit(quoted: Quote, request: QuotedRequest, granted: bigint): number {
  let affordable = 1;
  let tooMuch = quoted.outputLimit + 1;
  while (tooMuch - affordable > 1) {
    const middle = Math.floor((affordable + tooMuch) / 2);
    const needed = worstCase(quoted.terms, quoted.bound, middle * request.choices);
    if (needed <= granted) affordable = middle;
    else tooMuch = middle;
  }
  return affordable;
}

function worstCase({ price, groupRatio }: Terms, bound: Quote['bound'], outputTokens: number): bigint {
  const quota = worstCharge(price, groupRatio, bound, outputTokens);
  return quota < MAX_BALANCE ? quota : MAX_BALANCE;
}
