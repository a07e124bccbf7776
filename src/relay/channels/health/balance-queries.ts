import { parseAnswer } from '../../dialects/json/read.js';
import { repeat } from '../../../support/repeat.js';
import type { Channel, OpenChannel } from '../../upstreams/channel.js';
import type { UpstreamPools } from '../../upstreams/transport/pools.js';
import { proxyOf } from '../../upstreams/transport/proxy-of.js';
import type { ChannelState } from '../state/channel-state.js';
import { balanceQuestions, type ProviderBalance } from './balance-questions.js';

export interface BalanceQueriesParts {
  readonly channels: () => readonly OpenChannel[];
  readonly state: Pick<ChannelState, 'lease' | 'toldBalance'>;
  readonly pools: Pick<UpstreamPools, 'send'>;
  readonly onFault: (error: unknown) => void;
}

const LOOK_EVERY_MS = 5_000;
const EVERY_MS = 900_000;
/** Of a provider that does not say: asked less and less. */
const MOST_EVERY_MS = 14_400_000;
const WITHIN_MS = 15_000;

/** Asks providers what is left, each every quarter of an hour and from one process at a time, beside the calls and never in their way. */
export class BalanceQueries {
  /** By performance.now(): when this process asks again whether it is its turn. */
  private readonly nextLook = new Map<string, number>();
  private readonly failures = new Map<string, number>();
  private stopLooking: () => Promise<void> = () => Promise.resolve();

  constructor(private readonly parts: BalanceQueriesParts) {}

  start(): void {
    this.stopLooking = repeat(LOOK_EVERY_MS, async () => {
      await this.look().catch(this.parts.onFault);
      return LOOK_EVERY_MS;
    });
  }

  stop(): Promise<void> {
    return this.stopLooking();
  }

  /** Asks those that are due and that no other process asks; one after the other, since nobody waits for it. */
  async look(): Promise<void> {
    for (const { channelId, keys, settings } of this.parts.channels()) {
      const [key] = keys;
      const nowMs = performance.now();
      if (!key || settings.balance === null || (this.nextLook.get(channelId) ?? 0) > nowMs) continue;
      const mine = await this.parts.state.lease(`balance:${channelId}`, EVERY_MS);
      this.nextLook.set(channelId, nowMs + EVERY_MS);
      if (!mine) continue;
      const balance = await this.ask(key, settings.balance);
      const failures = balance ? 0 : (this.failures.get(channelId) ?? 0) + 1;
      this.failures.set(channelId, failures);
      this.nextLook.set(channelId, nowMs + Math.min(EVERY_MS * 2 ** failures, MOST_EVERY_MS));
      if (balance) await this.parts.state.toldBalance({ channelId, keyId: key.keyId, ...balance });
    }
  }

  private async ask(
    channel: Channel,
    query: NonNullable<Channel['settings']['balance']>,
  ): Promise<ProviderBalance | undefined> {
    const { paths, read } = balanceQuestions[query];
    const { origin, hostname } = new URL(channel.settings.base_url);
    const answers: unknown[] = [];
    for (const path of paths) answers.push(await this.answerOf(channel, origin, path));
    return read(answers, hostname);
  }

  private async answerOf(channel: Channel, origin: string, path: string): Promise<unknown> {
    const headers = { authorization: `Bearer ${channel.apiKey}`, accept: 'application/json' };
    const request = { origin, path, headers, method: 'GET', body: Buffer.alloc(0) } as const;
    const exchange = this.parts.pools.send(Promise.resolve(request), {
      sink: undefined,
      proxy: proxyOf(channel),
    });
    const timer = setTimeout(() => exchange.abort(), WITHIN_MS);
    const answer = await exchange.answer.finally(() => clearTimeout(timer));
    return answer.kind === 'whole' && answer.status === 200 ? parseAnswer(answer.body) : undefined;
  }
}
