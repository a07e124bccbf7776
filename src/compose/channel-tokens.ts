import type { Commands } from '../commands/commands.js';
import type { Config } from '../config.js';
import { KeyRetirement } from '../relay/channels/retirement.js';
import { defaultRelaySettings } from '../relay/ports.js';
import { createUpstreamTypes, type UpstreamTypes } from '../relay/upstreams/all.js';
import { AccessTokens } from '../relay/upstreams/tokens/access-tokens.js';
import { tokenAsker } from '../relay/upstreams/tokens/asker.js';
import { UpstreamPools } from '../relay/upstreams/transport/pools.js';
import { createTokenStore } from '../stores/channel-tokens.js';
import { keyDisabler, reachSettings } from './channels.js';
import type { Foundation } from './ledger.js';

interface Parts extends Pick<Foundation, 'database' | 'keyring' | 'log' | 'shutdown'> {
  readonly commands: Pick<Commands, 'setChannelKeyEnabled'>;
  readonly config: Config;
}

/** Every kind of upstream, with the tokens that channels are shown in place of their keys: fetched by one process at a time. */
export function openUpstreamTypes(parts: Parts): UpstreamTypes {
  const { commands, config, database, keyring, log, shutdown } = parts;
  const pools = new UpstreamPools({ ...defaultRelaySettings, ...reachSettings(config) });
  const retirement = new KeyRetirement({
    disableKey: keyDisabler(commands, parts),
    onFault: (error) => log.warn({ err: error }, 'a key that is given no tokens is still in use'),
  });
  shutdown.add('token endpoints', async () => {
    await retirement.settled();
    await pools.close();
  });
  return createUpstreamTypes(
    new AccessTokens({
      store: createTokenStore(database.pool, keyring),
      ask: tokenAsker(pools),
      now: Date.now,
      draw: Math.random,
      refused: (channel) => retirement.retire(channel, 'its token endpoint refuses it'),
    }),
  );
}
