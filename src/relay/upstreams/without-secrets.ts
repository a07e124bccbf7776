import type { Channel } from './channel.js';
import { holdsSecret } from './secret-forms.js';
import { tokenShown } from './tokens/shown-token.js';
import { membersIn } from './whole-answer.js';

/** Whether the bytes hold the channel's key or its proxy's credentials, as they are or encoded: they must not reach a client. */
export function quotesKey(bytes: Buffer, channel: Channel): boolean {
  const text = bytes.toString('utf8');
  const { apiKey, proxyCredentials } = channel;
  return [...secretsIn(apiKey), proxyCredentials, tokenShown(channel)].some(
    (secret) => secret !== undefined && holdsSecret(text, secret),
  );
}

/** Members of a key that is JSON which are secret. */
const SECRET = /^(private_key|refresh_token|client_secret)$/;
const keysParts = new Map<string, readonly string[]>();
const MOST_KEYS = 10_000;

/** A key, and what of it is a secret by itself: `access|secret|session`, or members of JSON. */
function secretsIn(apiKey: string): readonly string[] {
  let parts = keysParts.get(apiKey);
  if (!parts) {
    if (keysParts.size >= MOST_KEYS) keysParts.clear();
    keysParts.set(apiKey, (parts = [apiKey, ...partsOf(apiKey)]));
  }
  return parts;
}

function partsOf(apiKey: string): readonly string[] {
  if (!apiKey.startsWith('{')) return apiKey.includes('|') ? apiKey.split('|').slice(1) : [];
  return Object.entries(membersIn(apiKey)).flatMap(([name, value]) =>
    SECRET.test(name) && typeof value === 'string' ? [value] : [],
  );
}
