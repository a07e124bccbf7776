import type { ChannelOptions } from '../../domain/channel/settings.js';
import type { Command } from '../handling/command.js';

/** A key of a channel: its secret, or the id of one the channel has. `enabled` undefined: as it is, and a new one is in use. */
export type ChannelKeyInput = ({ readonly secret: string } | { readonly id: string }) & {
  readonly enabled?: boolean;
};

export interface ConfigureChannel {
  readonly channelId: string;
  readonly settings: ChannelOptions;
  readonly keys: readonly ChannelKeyInput[];
  /** May carry credentials; undefined keeps the proxy there is. */
  readonly proxyUrl?: string | null | undefined;
  readonly enabled: boolean;
}

interface SetEnabled {
  readonly channelId: string;
  readonly enabled: boolean;
  /** Recorded. */
  readonly reason: string;
  /** The ledger itself found that the channel cannot be used. */
  readonly automatic?: boolean;
}

interface Changed {
  readonly channelId: string;
}

/** The upstreams that calls go to. */
export interface ChannelCommands {
  /**
   * Creates or changes; nothing is appended when nothing differs. Secrets are sealed here. A key that is named by its id alone is refused
   * (`channel_invalid`) where calls go to another place than before.
   */
  readonly configureChannel: Command<ConfigureChannel, Changed>;
  readonly setChannelEnabled: Command<SetEnabled, Changed>;
  /** The channel goes out of use with its last key. */
  readonly setChannelKeyEnabled: Command<SetEnabled & { readonly keyId: string }, Changed>;
}
