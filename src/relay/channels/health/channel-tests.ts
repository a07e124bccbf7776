import type { Refusal } from '../../../domain/refusal.js';
import type { CatalogueView } from '../../../projections/read-models.js';
import type { Channel } from '../../upstreams/channel.js';
import { beginCheck, type CheckParts, type CheckResult, type CheckUnderWay } from './check-channel.js';
import { ChannelOpener, type ChannelOpenerOptions } from '../open-channels.js';
import type { KeyRetirement } from '../retirement.js';
import type { ChannelTraffic } from '../traffic.js';
import type { UpstreamPools } from '../../upstreams/transport/pools.js';

export interface ChannelTestDependencies extends CheckParts {
  readonly pools: Pick<UpstreamPools, 'send' | 'retain'>;
  readonly traffic: Pick<ChannelTraffic, 'answered' | 'failed' | 'refresh'>;
  readonly retirement: Pick<KeyRetirement, 'retire' | 'settled'>;
  /** As they are now; also those out of use. */
  readonly channels: () => Promise<CatalogueView['channels']>;
  readonly openSecret: ChannelOpenerOptions['openSecret'];
  readonly upstreamTypes: ChannelOpenerOptions['upstreamTypes'];
}

export interface WantedTest {
  readonly channelId: string;
  /** Absent: the first in use. Also one that is out of use. */
  readonly keyId?: string | undefined;
  /** Absent: the channel's test model, else the first it lists by name. */
  readonly model?: string | undefined;
  readonly by: string;
}

export type TestOutcome =
  | { readonly kind: 'tested'; readonly result: CheckResult }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** As many are under way as there may be, or the process is going down. */
  | { readonly kind: 'busy' };

const MAX_UNDER_WAY = 16;

type ChannelView = CatalogueView['channels'][number];

/** Asks a channel now, because a person wants to know: also one that is out of use, before it is put into use. */
export class ChannelTests {
  private readonly underWay = new Set<CheckUnderWay>();

  constructor(private readonly dependencies: ChannelTestDependencies) {}

  async run({ channelId, keyId, model, by }: WantedTest): Promise<TestOutcome> {
    const view = (await this.dependencies.channels()).find((each) => each.channelId === channelId);
    if (!view) return { kind: 'refused', refusal: { code: 'channel_not_found' } };
    const wanted = model ?? modelOf(view);
    if (wanted === undefined) return invalid('it has no test model, and lists no model by its name');
    const id = keyId ?? keyOf(view);
    if (id === undefined || !view.settings.keys.some((key) => key.id === id))
      return invalid('it has no such key');
    const channel = await this.open(view, id);
    if (!channel) return invalid('the key or the credentials of its proxy do not open');
    return this.ask(channel, wanted, by);
  }

  async stop(): Promise<void> {
    for (const check of this.underWay) check.abort();
    await Promise.allSettled([...this.underWay].map(({ result }) => result));
    await this.dependencies.retirement.settled();
  }

  private async ask(channel: Channel, model: string, by: string): Promise<TestOutcome> {
    const { traffic, retirement } = this.dependencies;
    // What failed until now, so that an answer takes it back.
    await traffic.refresh();
    if (this.underWay.size >= MAX_UNDER_WAY) return { kind: 'busy' };
    const check = beginCheck(this.dependencies, channel, model, by);
    this.underWay.add(check);
    const result = await check.result.finally(() => this.ended(check));
    if (!result) return { kind: 'busy' };
    await Promise.all([traffic.refresh(), retirement.settled()]);
    return { kind: 'tested', result };
  }

  private ended(check: CheckUnderWay): void {
    this.underWay.delete(check);
    // Tests are rare, and addresses change.
    if (this.underWay.size === 0) this.dependencies.pools.retain([]);
  }

  private async open(view: ChannelView, keyId: string): Promise<Channel | undefined> {
    const keys = view.settings.keys
      .filter(({ id }) => id === keyId)
      .map((key) => ({ ...key, disabled: null }));
    const { openSecret, upstreamTypes } = this.dependencies;
    const opener = new ChannelOpener({ openSecret, upstreamTypes, onFault: () => undefined });
    const [open] = await opener.open([{ ...view, enabled: true, settings: { ...view.settings, keys } }]);
    return open?.keys[0];
  }
}

const invalid = (detail: string): TestOutcome => ({
  kind: 'refused',
  refusal: { code: 'channel_invalid', detail },
});

const modelOf = ({ settings }: ChannelView): string | undefined =>
  settings.test_model ?? settings.models.find((name) => !name.includes('*'));

const keyOf = ({ settings: { keys } }: ChannelView): string | undefined =>
  (keys.find(({ disabled }) => disabled === null) ?? keys[0])?.id;
