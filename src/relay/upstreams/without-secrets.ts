import type { Channel } from './channel.js';
import { holdsSecret } from './secret-forms.js';

const HIDDEN = '***';

type Secrets = Pick<Channel, 'apiKey' | 'proxyCredentials'>;

/** Whether the bytes hold the channel's key or its proxy's credentials, as they are or encoded: they must not reach a client. */
export const quotesKey = (bytes: Buffer, channel: Secrets): boolean =>
  quoted(bytes.toString('utf8'), channel).length > 0;

/** The text without the channel's secrets: upstreams quote what they refuse. Nothing is left of one that holds them encoded. */
export function withoutSecrets(text: string, channel: Secrets): string {
  const found = quoted(text, channel);
  const shown = found.reduce((left, secret) => left.replaceAll(secret, HIDDEN), text);
  return quoted(shown, channel).length > 0 ? HIDDEN : shown;
}

const quoted = (text: string, { apiKey, proxyCredentials }: Secrets): readonly string[] =>
  [apiKey, proxyCredentials].filter(
    (secret) => secret !== undefined && holdsSecret(text, secret),
  ) as string[];
