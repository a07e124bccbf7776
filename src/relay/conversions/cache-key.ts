import { createHash } from 'node:crypto';
import type { Channel, ServingChannel } from '../upstreams/channel.js';

/** Whether upstream finds what it has cached by a name: without one it finds nothing of what it was sent in another dialect. */
export function cachesByName({ settings }: Pick<Channel, 'settings'>): boolean {
  const { type, base_url: base, conversion } = settings;
  if (conversion.quirks.includes('prompt_cache_key')) return true;
  return type === 'azure-openai' || (type === 'openai' && new URL(base).hostname === 'api.openai.com');
}

/** Whether it makes a difference to any of them which conversation a call belongs to. */
export const knowsConversations = (channels: readonly ServingChannel[]): boolean =>
  channels.length > 1 ||
  channels.some(({ keys, isConverted }) => keys.length > 1 || (isConverted && keys.some(cachesByName)));

/** The name: it says neither whose conversation it is nor what is in it. */
export const cacheKeyOf = (conversation: string | undefined): string | undefined =>
  conversation && createHash('sha256').update(`prompt cache ${conversation}`).digest('hex').slice(0, 32);
