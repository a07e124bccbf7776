import type { Channel } from './channel.js';

const HIDDEN = '***';

/** The text without the channel's key and its proxy's credentials: upstreams quote what they refuse. */
export function withoutSecrets(text: string, { apiKey, proxyCredentials }: Channel): string {
  let shown = text;
  for (const secret of [apiKey, proxyCredentials]) if (secret) shown = shown.replaceAll(secret, HIDDEN);
  return shown;
}
