import { createHmac, randomUUID } from 'node:crypto';
import type { AnyCallRequest, SpokenCall } from '../dialects/call-request.js';
import { spokenIn } from '../dialects/call-request.js';
import { CallRefused } from '../errors.js';
import type { Channel, ServingChannel } from '../upstreams/channel.js';
import { upstreamModelOf } from '../upstreams/channel.js';
import type { CanonicalRequest, Tool } from './canonical.js';
import { cacheKeyOf, cachesByName } from './cache-key.js';
import type { AnswerContext, Writing } from './codec.js';
import { clientCodecs, upstreamCodecs } from './codecs.js';
import { ConvertedCall, type Counting, type WrittenCall } from './converted-call.js';
import { type Seal, sealed } from './envelope.js';
import type { ConvertibleProtocol } from '../../domain/channel/conversion.js';
import { conversionTo } from './conversion-to.js';
import { piecesOf } from './json-pieces.js';
import { Inconvertible, Losses } from './losses.js';
import { GOOGLE_NAME, Names } from './names.js';

/** What a client says of conversions, in the header `x-counterfoil-conversion`. */
const HEADER = 'x-counterfoil-conversion';

/** A channel of those that serve a model, as it takes the call. */
export interface Speakers {
  /** Native ones before converted ones within a tier. */
  readonly channels: readonly ServingChannel[];
  /** Why no conversion came about, where one was allowed. */
  readonly refusal: Inconvertible | undefined;
}

/** Those of the channels that the request can be said to, in its own protocol or in another. `heldLimit`: of the output, where the client named none. */
export function speakersOf(
  serving: readonly ServingChannel[],
  request: Pick<AnyCallRequest, 'spoken' | 'convertible'>,
  heldLimit: number,
): Speakers {
  let refusal: Inconvertible | undefined;
  const channels = serving.flatMap((channel): ServingChannel[] => {
    if (spokenIn(channel.protocols, request)) return [channel];
    const { convertible } = request;
    const written = convertible && writtenFor(channel.keys[0] as Channel, convertible, heldLimit);
    if (written instanceof Inconvertible) refusal ??= written;
    else if (written) return [asConverted(channel)];
    return [];
  });
  const isMixed = channels.some(({ isConverted }) => isConverted);
  const ordered = isMixed
    ? channels.toSorted(
        (a, b) => a.tier - b.tier || Number(a.isConverted ?? false) - Number(b.isConverted ?? false),
      )
    : channels;
  return { channels: ordered, refusal };
}

const asConverted = ({
  channelId,
  type,
  protocols,
  settings,
  keys,
  tier,
}: ServingChannel): ServingChannel => ({
  channelId,
  type,
  protocols,
  settings,
  keys,
  tier,
  isConverted: true,
});

/**
 * How the request is said to this channel: in its own protocol where the channel has that. @throws CallRefused `invalid_request` where it could be
 * said, and cannot with the limit that a short balance leaves
 */
export function spokenTo(
  channel: Channel,
  request: AnyCallRequest,
  heldLimit: number,
  conversation: string | undefined,
): SpokenCall {
  const spoken =
    spokenIn(channel.protocols, request) ?? conversionFor(channel, request, heldLimit, conversation);
  if (spoken instanceof Inconvertible)
    throw new CallRefused({ code: 'invalid_request', message: spoken.message, param: spoken.param });
  if (!spoken) throw new Error(`${channel.channelId} cannot be told the request`);
  return spoken;
}

/** A request as it was written for one kind of upstream, and what its names became. */
type Made = Omit<WrittenCall, 'context' | 'cacheKey'> & {
  readonly names: Names;
  readonly tools: readonly Tool[];
  readonly hidesThoughts: boolean;
};

/** What has been made of a request so far, once a call and kind of upstream and not once an attempt. */
class Conversions {
  /** What is asked. */
  read: { readonly request: CanonicalRequest; readonly losses: Losses } | undefined;
  readonly made = new Map<string, Made | Inconvertible>();
}

function conversionsOf(convertible: Convertible): Conversions {
  const { conversions } = convertible;
  if (conversions instanceof Conversions) return conversions;
  const begun = new Conversions();
  convertible.conversions = begun;
  return begun;
}

function conversionFor(
  channel: Channel,
  request: Pick<AnyCallRequest, 'convertible'>,
  heldLimit: number,
  conversation?: string,
): ConvertedCall | Inconvertible | undefined {
  const { convertible } = request;
  const written = convertible && writtenFor(channel, convertible, heldLimit);
  if (!written || written instanceof Inconvertible) return written;
  const { client, upstream, streamed, text, losses, outputLimit, model } = written;
  const isNamed = conversation !== undefined && cachesByName(channel);
  const cacheKey = isNamed ? cacheKeyOf(conversation) : undefined;
  const context = () => contextOf(channel, convertible, written);
  // Written out: what begins with a spread and goes on is of a class of its own each time (ADR 0058).
  return new ConvertedCall({
    client,
    upstream,
    streamed,
    text,
    losses,
    outputLimit,
    model,
    cacheKey,
    context,
  });
}

function contextOf(channel: Channel, convertible: Convertible, written: Made): AnswerContext {
  const { model, promptTokens, showsUsage, framing } = convertible;
  const { tools, hidesThoughts, names } = written;
  const seal = sealOf(channel);
  return {
    model,
    requestId: randomUUID(),
    createdAt: Math.floor(Date.now() / 1_000),
    promptTokens,
    showsUsage,
    hidesThoughts,
    framing,
    seal: (signature) => sealed(signature, seal),
    tools,
    originalName: (name) => names.original(name),
  };
}

type Convertible = NonNullable<AnyCallRequest['convertible']>;

/** Enough for any thoughts. */
const COUNTED_LIMIT = 65_536;

/** How a channel of another protocol is asked for the length of a prompt; undefined: it is not. */
export function countingOn(channel: Channel, convertible: Convertible): Counting | undefined {
  const converted = conversionFor(channel, { convertible }, COUNTED_LIMIT);
  if (!(converted instanceof ConvertedCall)) return undefined;
  return converted.counting(upstreamModelOf(channel, convertible.model));
}

/** Undefined: there is no conversion for this channel, or none is wanted. */
function writtenFor(
  channel: Channel,
  convertible: Convertible,
  heldLimit: number,
): Made | Inconvertible | undefined {
  const upstream = conversionTo(channel, convertible.protocol);
  if (!upstream || convertible.headers[HEADER] === 'refuse') return undefined;
  const { made } = conversionsOf(convertible);
  const model = upstreamModelOf(channel, convertible.model);
  const { quirks, on_loss } = channel.settings.conversion;
  // Chats know no proofs, and none of a channel's key.
  const own = upstream === 'chat' ? [] : [model, channel.channelId, channel.keyId];
  const kind = [upstream, on_loss, heldLimit, ...quirks, ...own].join(' ');
  let written = made.get(kind);
  if (!written) {
    const { streamed } = convertible;
    const about = { streamed, model, quirks: new Set(quirks), heldLimit, seal: sealOf(channel) };
    const isLossless = on_loss === 'refuse' || convertible.headers[HEADER] === 'lossless';
    made.set(kind, (written = convert(convertible, upstream, about, isLossless)));
  }
  return written;
}

function convert(
  convertible: Convertible,
  upstream: ConvertibleProtocol,
  about: Omit<Writing, 'names' | 'losses'>,
  isLossless: boolean,
): Made | Inconvertible {
  try {
    const { request, losses: before } = canonicalOf(convertible);
    const losses = new Losses(before);
    const names = new Names(losses, upstream === 'generate' ? GOOGLE_NAME : undefined);
    const { streamed, model, quirks, heldLimit, seal } = about;
    const writing = { streamed, model, quirks, heldLimit, seal, names, losses };
    const body = upstreamCodecs[upstream].writeRequest(request, writing);
    const { first } = losses;
    if (isLossless && first !== undefined)
      return new Inconvertible(first, `${first} would not survive a conversion, and none may lose anything.`);
    return {
      client: convertible.protocol,
      upstream,
      text: piecesOf(body),
      losses,
      names,
      streamed: about.streamed,
      outputLimit: request.outputLimit ?? (upstreamCodecs[upstream].needsLimit ? about.heldLimit : undefined),
      model: convertible.model,
      tools: request.tools,
      hidesThoughts: request.hidesThoughts === true,
    };
  } catch (error) {
    if (error instanceof Inconvertible) return error;
    throw error;
  }
}

/** What is asked, read once a call. @throws Inconvertible */
function canonicalOf(convertible: Convertible): NonNullable<Conversions['read']> {
  const conversions = conversionsOf(convertible);
  if (conversions.read) return conversions.read;
  const losses = new Losses();
  const request = clientCodecs[convertible.protocol].readRequest(convertible.body(), losses);
  if (convertible.headers['anthropic-beta'] !== undefined && convertible.protocol === 'messages')
    losses.tell('anthropic-beta');
  return (conversions.read = { request, losses });
}

/** Proofs are of the channel's own key: with another one, upstream would know none of its thoughts again either. */
function sealOf({ channelId, keyId, apiKey }: Channel): Seal {
  const sign = (text: string) => createHmac('sha256', apiKey).update(text).digest('hex');
  return { sign, channelId, keyId };
}
