// A process that shows upstreams the tokens of a channel. Is told the time and the channel, and answers with the token, or why there is none.
import { createPool } from '../../../../src/postgres/pool.js';
import { defaultRelaySettings } from '../../../../src/relay/ports.js';
import { AccessTokens } from '../../../../src/relay/upstreams/tokens/access-tokens.js';
import { tokenAsker } from '../../../../src/relay/upstreams/tokens/asker.js';
import type { ChannelAccess } from '../../../../src/relay/upstreams/type.js';
import { UpstreamPools } from '../../../../src/relay/upstreams/transport/pools.js';
import { createTokenStore } from '../../../../src/stores/channel-tokens.js';
import { createKeyring } from '../../../../src/support/keyring.js';

const { DATABASE_URL: connectionString = '', TURN_MS = '15000' } = process.env;
const pools = new UpstreamPools({ ...defaultRelaySettings, allowPrivate: ['127.0.0.0/8'], ownOrigins: [] });
const pool = createPool({ connectionString, max: 4, applicationName: 'token-process' });
let nowMs = 0;
const tokens = new AccessTokens({
  store: createTokenStore(pool, createKeyring(new Uint8Array(32).fill(7)), { turnMs: Number(TURN_MS) }),
  ask: tokenAsker(pools),
  now: () => nowMs,
  draw: () => 0.5,
  refused: () => undefined,
});
process.on('message', (told: { readonly nowMs: number; readonly access: ChannelAccess }) => {
  nowMs = told.nowMs;
  tokens.tokenFor(told.access).then(
    (token) => process.send?.({ token }),
    (error: Error) => process.send?.({ error: error.message }),
  );
});
process.on('disconnect', () => process.exit());
process.send?.({ ready: true });
