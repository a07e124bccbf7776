import type { ChannelSettings } from '../../../domain/channel/settings.js';
import type { Refusal } from '../../../domain/refusal.js';
import type { CatalogueView } from '../../../projections/catalogue/view.js';
import type { Channel } from '../../upstreams/channel.js';
import { beginCheck, type CheckParts, type CheckResult, type CheckUnderWay } from './check-channel.js';
import { askForModels, type ModelsOffered } from './upstream-models.js';
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

export type ModelsOutcome =
  | { readonly kind: 'asked'; readonly offered: ModelsOffered }
  | Exclude<TestOutcome, { kind: 'tested' }>;

const MAX_UNDER_WAY = 16;

type ChannelView = CatalogueView['channels'][number];
type Recording = Pick<ChannelTestDependencies, keyof CheckParts | 'traffic' | 'retirement'>;
type Refused = Extract<TestOutcome, { kind: 'refused' }>;

/** A channel that is not there yet, with its keys sealed as they would be stored. */
export interface Draft {
  readonly channelId: string;
  readonly settings: ChannelSettings;
}

const viewOf = (draft: Draft): ChannelView => ({ ...draft, enabled: true, disabled: null });

/** Where what comes of a test is written down that counts for nothing. */
const NOWHERE: Omit<Recording, 'pools' | 'now'> = {
  state: { checked: () => Promise.resolve() },
  traffic: { answered: () => undefined, failed: () => undefined, refresh: () => Promise.resolve() },
  retirement: { retire: () => undefined, settled: () => Promise.resolve() },
};

const NOT_FOUND: Refused = { kind: 'refused', refusal: { code: 'channel_not_found' } };

/** Asks a channel now, because a person wants to know: also one that is out of use, before it is put into use. */
export class ChannelTests {
  private readonly underWay = new Set<CheckUnderWay>();
  /** Lists of models that are waited for. */
  private asking = 0;

  constructor(private readonly dependencies: ChannelTestDependencies) {}

  async run({ channelId, keyId, model, by }: WantedTest): Promise<TestOutcome> {
    const view = await this.find(channelId);
    if (!view) return NOT_FOUND;
    return this.test(view, { keyId, model, by }, this.dependencies);
  }

  /** A channel that is not there yet: what comes of it counts for nothing. */
  async tryOut(draft: Draft, wanted: Omit<WantedTest, 'channelId' | 'keyId'>): Promise<TestOutcome> {
    return this.test(viewOf(draft), { ...wanted, keyId: undefined }, { ...this.dependencies, ...NOWHERE });
  }

  /** What the upstream of a channel, or of one that is not there yet, says that it serves. */
  async models(of: Draft | Pick<WantedTest, 'channelId' | 'keyId'>): Promise<ModelsOutcome> {
    const view = 'settings' in of ? viewOf(of) : await this.find(of.channelId);
    if (!view) return NOT_FOUND;
    const channel = await this.opened(view, 'settings' in of ? undefined : of.keyId);
    if ('kind' in channel) return channel;
    if (this.asking + this.underWay.size >= MAX_UNDER_WAY) return { kind: 'busy' };
    this.asking += 1;
    try {
      return { kind: 'asked', offered: await askForModels(this.dependencies.pools, channel) };
    } finally {
      this.asking -= 1;
      this.letGo();
    }
  }

  private async find(channelId: string): Promise<ChannelView | undefined> {
    return (await this.dependencies.channels()).find((each) => each.channelId === channelId);
  }

  private async test(
    view: ChannelView,
    { keyId, model, by }: Omit<WantedTest, 'channelId'>,
    parts: Recording,
  ): Promise<TestOutcome> {
    const wanted = model ?? modelOf(view);
    if (wanted === undefined) return invalid('it has no test model, and lists no model by its name');
    const channel = await this.opened(view, keyId);
    if ('kind' in channel) return channel;
    return this.ask(channel, wanted, by, parts);
  }

  private async opened(view: ChannelView, keyId: string | undefined): Promise<Channel | Refused> {
    const id = keyId ?? keyOf(view);
    if (id === undefined || !view.settings.keys.some((key) => key.id === id))
      return invalid('it has no such key');
    return (await this.open(view, id)) ?? invalid('the key or the credentials of its proxy do not open');
  }

  async stop(): Promise<void> {
    for (const check of this.underWay) check.abort();
    await Promise.allSettled([...this.underWay].map(({ result }) => result));
    await this.dependencies.retirement.settled();
  }

  private async ask(channel: Channel, model: string, by: string, parts: Recording): Promise<TestOutcome> {
    const { traffic, retirement } = parts;
    // What failed until now, so that an answer takes it back.
    await traffic.refresh();
    if (this.asking + this.underWay.size >= MAX_UNDER_WAY) return { kind: 'busy' };
    const check = beginCheck(parts, channel, model, by);
    this.underWay.add(check);
    const result = await check.result.finally(() => this.ended(check));
    if (!result) return { kind: 'busy' };
    await Promise.all([traffic.refresh(), retirement.settled()]);
    return { kind: 'tested', result };
  }

  private ended(check: CheckUnderWay): void {
    this.underWay.delete(check);
    this.letGo();
  }

  private letGo(): void {
    // Tests are rare, and addresses change.
    if (this.asking + this.underWay.size === 0) this.dependencies.pools.retain([]);
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

const invalid = (detail: string): Refused => ({
  kind: 'refused',
  refusal: { code: 'channel_invalid', detail },
});

const modelOf = ({ settings }: ChannelView): string | undefined =>
  settings.test_model ?? settings.models.find((name) => !name.includes('*'));

const keyOf = ({ settings: { keys } }: ChannelView): string | undefined =>
  (keys.find(({ disabled }) => disabled === null) ?? keys[0])?.id;
