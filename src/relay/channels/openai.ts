import type { Channel } from './channel.js';

/** Where a channel takes chats, and what it wants to see: made once a channel, not once a call. */
export interface ChatTarget {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
}

const targets = new WeakMap<Channel, ChatTarget>();

/**
 * `<base_url>/chat/completions`, with `/v1` put in where the base has no path of its own. No header of the client's goes to upstream.
 */
export function chatTarget(channel: Channel): ChatTarget {
  let target = targets.get(channel);
  if (!target) {
    target = {
      url: chatUrl(channel.settings.base_url),
      headers: {
        authorization: `Bearer ${channel.apiKey}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'accept-encoding': 'identity',
        'user-agent': 'counterfoil',
      },
    };
    targets.set(channel, target);
  }
  return target;
}

function chatUrl(baseUrl: string): URL {
  const url = new URL(baseUrl);
  const base = url.pathname.replace(/\/+$/, '');
  url.pathname = `${base === '' ? '/v1' : base}/chat/completions`;
  return url;
}
