import type { Sealed } from '../../domain/stored/fields.js';
import type { CatalogueView } from '../../projections/catalogue/view.js';
import type { UpstreamTypes } from '../upstreams/all.js';
import { type Channel, type OpenChannel, protocolsSpoken } from '../upstreams/channel.js';

export interface ChannelOpenerOptions {
  readonly upstreamTypes: UpstreamTypes;
  /** Opens a channel's sealed key, or the credentials of its proxy. */
  readonly openSecret: (sealed: Sealed, what: 'key' | 'proxy') => string | Promise<string>;
  /** Something could not be opened; what needs it is left out. */
  readonly onFault: (fault: { readonly channelId: string; readonly error: unknown }) => void;
}

/** Makes enabled channels ready to be called. Secrets are opened once, for as long as their box is the same. */
export class ChannelOpener {
  private opened = new Map<string, string>();

  constructor(private readonly dependencies: ChannelOpenerOptions) {}

  /** Those enabled that have a key in use which opens. */
  async open(channels: CatalogueView['channels']): Promise<readonly OpenChannel[]> {
    const known = this.opened;
    this.opened = new Map();
    const open: OpenChannel[] = [];
    for (const { channelId, enabled, settings } of channels) {
      if (!enabled) continue;
      const type = this.dependencies.upstreamTypes[settings.type];
      const protocols = protocolsSpoken(type, settings);
      const keys = await this.keysOf({ channelId, type, protocols, settings }, known);
      if (keys.length > 0) open.push({ channelId, type, protocols, settings, keys });
    }
    return open;
  }

  private async keysOf(
    about: Omit<OpenChannel, 'keys'>,
    known: ReadonlyMap<string, string>,
  ): Promise<readonly Channel[]> {
    const { channelId, settings } = about;
    const { sealed_proxy_credentials: sealedProxy } = settings;
    const proxyCredentials = sealedProxy
      ? await this.secret(channelId, sealedProxy, 'proxy', known)
      : undefined;
    // Without the credentials its calls would go out another way than they must, or not at all.
    if (sealedProxy && proxyCredentials === undefined) return [];
    const keys: Channel[] = [];
    for (const { id: keyId, sealed, disabled } of settings.keys) {
      if (disabled) continue;
      const apiKey = await this.secret(channelId, sealed, 'key', known);
      if (apiKey !== undefined) keys.push({ ...about, keyId, apiKey, proxyCredentials });
    }
    return keys;
  }

  private async secret(
    channelId: string,
    sealed: Sealed,
    what: 'key' | 'proxy',
    known: ReadonlyMap<string, string>,
  ): Promise<string | undefined> {
    try {
      const box = `${what} ${sealed.key_id} ${sealed.box}`;
      const secret = known.get(box) ?? (await this.dependencies.openSecret(sealed, what));
      this.opened.set(box, secret);
      return secret;
    } catch (error) {
      this.dependencies.onFault({ channelId, error });
      return undefined;
    }
  }
}
