import type { Allowance } from '../../domain/channel/allowances.js';
import { servedAs } from '../../domain/channel/models.js';
import type { Price } from '../../domain/pricing/price.js';
import type { QuotedRequest } from '../dialects/call-request.js';
import { isPaidFor, type Need } from '../dialects/request-members/asks.js';
import { CallRefused } from '../errors.js';
import { type ServingChannel, upstreamModelOf } from '../upstreams/channel.js';

/** What a member asks for, in words. */
const inWords: Record<Allowance, string> = {
  searches: 'searches',
  code: 'code that upstream runs',
  file_search: 'searches of files',
  images: 'pictures that a tool makes',
  maps: 'queries of maps',
  moderation: 'a judgement of prompt and answer',
  plugins: 'services beside the model',
  routing: 'a choice of model or provider',
  other_models: 'work of other models',
  service_tier: 'a class of service',
  inference_geo: 'a region',
  stored: 'what is kept at upstream',
  unknown_tools: 'a tool or a trial that is not known here',
};

/**
 * The channels that may take what the request asks for beyond plain tokens: what no price of the model pays for, only those whose operator
 * says that it is free there; further models, only those that serve them under the very names the request has, which no mapping of names
 * reaches. @throws CallRefused `invalid_request` naming the member when none may
 */
export function permitted(
  channels: readonly ServingChannel[],
  { model, asks }: Pick<QuotedRequest, 'model' | 'asks'>,
  price: Price,
): readonly ServingChannel[] {
  if (!asks) return channels;
  let left = channels;
  for (const need of asks.needs) {
    if (isPaidFor(need, price)) continue;
    left = left.filter(({ settings }) => settings.allowed_members.includes(need.allowance));
    if (left.length === 0) throw unpaid(need, model);
  }
  for (const named of asks.models) {
    left = left.filter(
      (channel) =>
        servedAs(channel.settings, named) !== undefined && upstreamModelOf(channel, named) === named,
    );
    if (left.length === 0) throw new CallRefused({ code: 'no_channel', model: named });
  }
  return left;
}

function unpaid({ member, allowance, isLongContext }: Need, model: string): CallRefused {
  const what = isLongContext ? 'a longer context' : inWords[allowance];
  const message = `"${member}" asks for ${what}, which has no price for ${model} here. Leave it out.`;
  return new CallRefused({ code: 'invalid_request', message, param: member.replace(/:.*/, '') });
}
