import type { ChannelAccess, UpstreamType } from '../type.js';
import type { AccessTokens } from './access-tokens.js';

export type TokenSource = Pick<AccessTokens, 'tokenFor' | 'reject'>;

/** As upstream is shown it now: made anew with each token, so that what is worked out of it once is of that token. */
const shown = new WeakMap<ChannelAccess, ChannelAccess>();

/** The channel with a token in place of its key. */
export async function withToken(tokens: TokenSource, channel: ChannelAccess): Promise<ChannelAccess> {
  const token = await tokens.tokenFor(channel);
  const known = shown.get(channel);
  if (known?.apiKey === token) return known;
  const { channelId, keyId, settings, proxyCredentials } = channel;
  const access = { channelId, keyId, settings, proxyCredentials, apiKey: token };
  shown.set(channel, access);
  return access;
}

/** The token that upstream was last shown for the channel's key. */
export const tokenShown = (channel: ChannelAccess): string | undefined => shown.get(channel)?.apiKey;

/** The kind of upstream, shown tokens by channels that say where they are fetched. */
export function withTokens(type: UpstreamType, tokens: TokenSource): UpstreamType {
  return {
    ...type,
    prepare: (channel, request) =>
      channel.settings.oauth === null
        ? type.prepare(channel, request)
        : withToken(tokens, channel).then((access) => type.prepare(access, request)),
    decode: (status, headers, about) => {
      if (status === 401 && about.channel.settings.oauth !== null) tokens.reject(about.channel);
      return type.decode?.(status, headers, about);
    },
  };
}
