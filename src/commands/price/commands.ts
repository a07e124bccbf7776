import type { Group, Price } from '../../domain/pricing/price.js';
import type { Command } from '../handling/command.js';

export interface PublishPriceList {
  readonly prices: readonly Price[];
  readonly groups: readonly Group[];
  /** Refused when another version is in force. */
  readonly baseVersion?: number;
  /** Nothing is published where the actor's last list says the same, whoever has published since. */
  readonly unlessRepeated?: boolean;
}

export interface PriceCommands {
  /** Publishes a new version unless it equals the one in force. `keptLater`: somebody else's stays in force. */
  readonly publishPriceList: Command<
    PublishPriceList,
    { readonly version: number; readonly keptLater?: true }
  >;
}
