import { servedAs } from '../domain/channel/models.js';
import { namesOnOffer } from '../domain/channel/offer.js';
import type { Group } from '../domain/pricing/price.js';
import { PriceBook } from '../domain/pricing/price-book.js';
import { type CallSettings, settingsInForce } from '../domain/setting/settings.js';
import type { ReadModels } from '../projections/read-models.js';
import type { CatalogueView } from '../projections/catalogue/view.js';
import type { OpenChannel, ServingChannel } from './upstreams/channel.js';
import { serversOf } from './channels/choose.js';
import { ChannelOpener, type ChannelOpenerOptions } from './channels/open-channels.js';

/** Prices, groups, channels and settings as one call sees them: compiled for lookup, never changed; a call keeps the one it began with. */
export interface CatalogueSnapshot {
  readonly priceVersion: number;
  readonly prices: PriceBook;
  readonly groups: ReadonlyMap<string, Group>;
  readonly settings: CallSettings;
  /** Enabled channels that serve the model to the group, by tier. */
  channels(group: string, model: string): readonly ServingChannel[];
  /** Whether a channel that is out of use would serve the model to the group. */
  isDisabled(group: string, model: string): boolean;
  /** All enabled channels. */
  readonly allChannels: readonly OpenChannel[];
  /** Models that have a price and an enabled channel for the group, by name. */
  models(group: string): readonly string[];
}

export interface CatalogueDependencies {
  readonly readModels: Pick<ReadModels, 'catalogue' | 'settings'>;
  /** In force until they are changed. */
  readonly defaultSettings: CallSettings;
  readonly openSecret: ChannelOpenerOptions['openSecret'];
  readonly upstreamTypes: ChannelOpenerOptions['upstreamTypes'];
  /** How often one that was started looks by itself. */
  readonly refreshMs?: number;
  /** Those that are enabled and open now. */
  readonly onChannels: (channels: readonly OpenChannel[]) => void;
  /** A refresh failed, or a channel's key could not be opened; the channel is then left out. */
  readonly onFault: (fault: { readonly channelId: string | undefined; readonly error: unknown }) => void;
}

/** A lookup that failed asks for a fresh snapshot at most this often. */
const MIN_REFRESH_GAP_MS = 250;

/** The relay's copy of the catalogue, refreshed by itself and on demand. */
export class Catalogue {
  private snapshot: CatalogueSnapshot | undefined;
  private readonly opener: ChannelOpener;
  private timer: NodeJS.Timeout | undefined;
  private refreshing: Promise<void> | undefined;
  private refreshedAt = -Infinity;

  constructor(private readonly dependencies: CatalogueDependencies) {
    this.opener = new ChannelOpener(dependencies);
  }

  /** The first snapshot, and from then on one every `refreshMs`. Rejects when the read models cannot be read. */
  async start(): Promise<void> {
    await this.refresh();
    this.timer = setInterval(() => {
      this.refresh().catch((error: unknown) => this.dependencies.onFault({ channelId: undefined, error }));
    }, this.dependencies.refreshMs);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  get current(): CatalogueSnapshot {
    if (!this.snapshot) throw new Error('the catalogue has not been started');
    return this.snapshot;
  }

  /** Reads anew; calls that come meanwhile share the reading. */
  refresh(): Promise<void> {
    this.refreshing ??= this.read().finally(() => {
      this.refreshing = undefined;
    });
    return this.refreshing;
  }

  /** For a lookup that found nothing: reads anew unless that has just been done, so that unknown models cost no query each. */
  async refreshForMiss(): Promise<void> {
    if (performance.now() - this.refreshedAt > MIN_REFRESH_GAP_MS) await this.refresh();
  }

  private async read(): Promise<void> {
    const { readModels, defaultSettings } = this.dependencies;
    const [view, changed] = await Promise.all([readModels.catalogue(), readModels.settings()]);
    const channels = await this.opener.open(view.channels);
    this.snapshot = compile(view, channels, settingsInForce(changed, defaultSettings));
    this.refreshedAt = performance.now();
    this.dependencies.onChannels(channels);
  }
}

function compile(
  view: CatalogueView,
  channels: readonly OpenChannel[],
  settings: CallSettings,
): CatalogueSnapshot {
  const prices = new PriceBook(view.prices);
  const groups = new Map(view.groups.map((group) => [group.name, group]));
  const serving = memoized((group) => {
    const ofGroup = channels.filter(({ settings }) => settings.groups.includes(group));
    return memoized((model) => serversOf(ofGroup, model));
  });
  return {
    priceVersion: view.priceVersion,
    prices,
    groups,
    settings,
    isDisabled: (group, model) =>
      view.channels.some(
        ({ enabled, settings }) =>
          !enabled && settings.groups.includes(group) && servedAs(settings, model) !== undefined,
      ),
    allChannels: channels,
    channels: (group, model) => (groups.has(group) && prices.has(model) ? serving(group)(model) : []),
    models: (group) =>
      groups.has(group)
        ? namesOnOffer(
            prices,
            channels
              .filter(({ settings }) => settings.groups.includes(group))
              .map(({ settings }) => settings),
          )
        : [],
  };
}

/** A price for `*` is one for every name that a client thinks of. */
const MAX_MEMOIZED = 10_000;

/** Worked out when it is first asked for. */
function memoized<Value>(make: (key: string) => Value): (key: string) => Value {
  const made = new Map<string, Value>();
  return (key) => {
    let value = made.get(key);
    if (value === undefined) {
      if (made.size >= MAX_MEMOIZED) made.clear();
      made.set(key, (value = make(key)));
    }
    return value;
  };
}
