import type { IncomingHttpHeaders } from 'node:http';
import type { AccessKey } from '../access/access-keys.js';
import type { CatalogueSnapshot } from '../catalogue.js';
import { type Channel, upstreamModelOf } from '../upstreams/channel.js';
import { channelOrder } from '../channels/choose.js';
import { lotOfChance } from '../channels/lot.js';
import { sendTo } from '../upstreams/transport/send.js';
import { countingOn } from '../conversions/converting.js';
import type { ChannelTraffic, Leave } from '../channels/traffic.js';
import type { UpstreamExchange } from '../upstreams/transport/exchange.js';
import type { UpstreamPools } from '../upstreams/transport/pools.js';
import type { CountablePrompt } from '../dialects/endpoint.js';
import type { UpstreamRequest } from '../dialects/upstream-request.js';
import type { RelayDependencies } from '../ports.js';

export interface UpstreamCountParts extends Pick<RelayDependencies, 'newCallId' | 'draw'> {
  readonly pools: Pick<UpstreamPools, 'send'>;
  readonly traffic: Pick<ChannelTraffic, 'standing' | 'enter'>;
  readonly settings: Pick<RelayDependencies['settings'], 'tokenCountTimeoutMs'>;
}

export interface AskedCount {
  readonly key: AccessKey;
  readonly catalogue: CatalogueSnapshot;
  /** The client's. */
  readonly headers: IncomingHttpHeaders;
  /** Told of the exchange, for whoever must break it off. */
  readonly onSent: (exchange: UpstreamExchange) => void;
}

/** In this process. Counting is free, so whoever asks for more than that is answered from here. */
const MAX_UNDER_WAY = 64;
const MAX_PER_ACCOUNT = 4;
/** A channel that could not say is not asked for so long: many that speak a dialect do not count. */
const REST_MS = 60_000;

/** Asks upstream how long a prompt is: one sound channel, once, within a short time. No user is charged. */
export class UpstreamCounts {
  private readonly underWay = new Map<string, number>();
  private total = 0;
  /** By performance.now(): until when a channel is not asked. */
  private readonly resting = new Map<string, number>();

  constructor(private readonly parts: UpstreamCountParts) {}

  /** What upstream answered; undefined: it was not asked, or gave no count in time. */
  async ask(asked: AskedCount, prompt: CountablePrompt): Promise<unknown> {
    const { accountId } = asked.key.view;
    const own = this.underWay.get(accountId) ?? 0;
    if (this.parts.settings.tokenCountTimeoutMs === 0) return undefined;
    if (own >= MAX_PER_ACCOUNT || this.total >= MAX_UNDER_WAY) return undefined;
    this.total += 1;
    this.underWay.set(accountId, own + 1);
    try {
      const admitted = await this.admit(asked, prompt);
      return admitted && (await this.send(admitted.channel, asked, prompt).finally(admitted.leave));
    } finally {
      this.total -= 1;
      const left = (this.underWay.get(accountId) ?? 1) - 1;
      if (left > 0) this.underWay.set(accountId, left);
      else this.underWay.delete(accountId);
    }
  }

  /** The first that is sound and has room; what fails is left to the calls. */
  private async admit(
    { key, catalogue }: AskedCount,
    { model, protocol, otherwise }: CountablePrompt,
  ): Promise<{ readonly channel: Channel; readonly leave: Leave } | undefined> {
    const { traffic, draw, newCallId } = this.parts;
    const serving = catalogue.channels(key.group, model);
    const speaking = serving.filter(({ protocols }) => protocols.includes(protocol));
    const others = serving.filter(
      ({ protocols, keys }) =>
        !protocols.includes(protocol) && countingOn(keys[0] as Channel, otherwise.asked) !== undefined,
    );
    const lot = lotOfChance(draw);
    for (const channel of [...channelOrder(speaking, lot), ...channelOrder(others, lot)]) {
      if ((this.resting.get(channel.channelId) ?? 0) > performance.now()) continue;
      if (traffic.standing(channel, upstreamModelOf(channel, model)).kind !== 'open') continue;
      const leave = await traffic.enter(channel, newCallId());
      if (leave) return { channel, leave };
    }
    return undefined;
  }

  private async send(
    channel: Channel,
    { headers, onSent }: AskedCount,
    prompt: CountablePrompt,
  ): Promise<unknown> {
    const { request, read } = countingIn(channel, prompt);
    const exchange = sendTo(this.parts.pools, channel, request, headers, undefined);
    onSent(exchange);
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      exchange.abort();
    }, this.parts.settings.tokenCountTimeoutMs);
    const answer = await exchange.answer;
    clearTimeout(timer);
    const count = answer.kind === 'whole' && answer.status === 200 ? read(answer.body) : undefined;
    // A client that hangs up and a complaint about the prompt say nothing against the channel.
    const excused = answer.kind === 'whole' ? answer.status === 400 : exchange.aborted && !late;
    if (count === undefined && !excused) this.resting.set(channel.channelId, performance.now() + REST_MS);
    return count;
  }
}

/** In the prompt's own protocol where the channel has that. */
function countingIn(
  channel: Channel,
  prompt: CountablePrompt,
): { readonly request: UpstreamRequest; readonly read: (body: Buffer) => unknown } {
  const { asked, answer } = prompt.otherwise;
  const converted = channel.protocols.includes(prompt.protocol) ? undefined : countingOn(channel, asked);
  if (!converted)
    return {
      request: prompt.forward(upstreamModelOf(channel, prompt.model)),
      read: (body) => prompt.read(body),
    };
  const read = (body: Buffer) => {
    const tokens = converted.read(body);
    return tokens === undefined ? undefined : answer(tokens);
  };
  return { request: converted.request, read };
}
