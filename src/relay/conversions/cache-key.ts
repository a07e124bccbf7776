import { createHash } from 'node:crypto';
import type { Channel } from '../upstreams/channel.js';

/** What is the same for all calls of one account's conversation, and of no other; undefined: the call belongs to none. */
export type Conversation = () => string | undefined;

export const NO_CONVERSATION: Conversation = () => undefined;

/** Whether upstream finds what it has cached by a name: without one it finds nothing of what it was sent in another dialect. */
export function cachesByName({ settings }: Pick<Channel, 'settings'>): boolean {
  const { type, base_url: base, conversion } = settings;
  if (conversion.quirks.includes('prompt_cache_key')) return true;
  return type === 'azure-openai' || (type === 'openai' && new URL(base).hostname === 'api.openai.com');
}

/** The name: it says neither whose conversation it is nor what is in it. */
export const cacheKeyOf = (conversation: string | undefined): string | undefined =>
  conversation && createHash('sha256').update(`prompt cache ${conversation}`).digest('hex').slice(0, 32);
