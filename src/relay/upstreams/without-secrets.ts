import type { Channel } from './channel.js';
import { holdsSecret } from './secret-forms.js';

type Secrets = Pick<Channel, 'apiKey' | 'proxyCredentials'>;

/** Whether the bytes hold the channel's key or its proxy's credentials, as they are or encoded: they must not reach a client. */
export function quotesKey(bytes: Buffer, { apiKey, proxyCredentials }: Secrets): boolean {
  const text = bytes.toString('utf8');
  return [apiKey, proxyCredentials].some((secret) => secret !== undefined && holdsSecret(text, secret));
}
