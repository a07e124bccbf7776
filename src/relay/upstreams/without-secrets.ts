import type { Channel } from './channel.js';

const HIDDEN = '***';

/** Whether the bytes hold the channel's key: they must not reach a client. */
export const quotesKey = (bytes: Buffer, { apiKey }: Pick<Channel, 'apiKey'>): boolean =>
  bytes.includes(apiKey);

/** The text without the channel's key and its proxy's credentials: upstreams quote what they refuse. */
export function withoutSecrets(text: string, { apiKey, proxyCredentials }: Channel): string {
  let shown = text;
  for (const secret of [apiKey, proxyCredentials]) if (secret) shown = shown.replaceAll(secret, HIDDEN);
  return shown;
}
