import type { IncomingHttpHeaders } from 'node:http';
import { conversationOf } from '../channels/conversation.js';
import { knowsConversations } from '../conversions/cache-key.js';
import type { HeldCall } from './place-hold.js';

/**
 * Which of the account's conversations a call belongs to, where anybody wants to know it: a name, since the body it is found in must not
 * stay for as long as the answer comes.
 */
export function conversationOfCall(
  { key, quoted }: Pick<HeldCall, 'key' | 'quoted'>,
  headers: IncomingHttpHeaders,
  body: Buffer,
): string | undefined {
  if (!knowsConversations(quoted.channels)) return undefined;
  const found = conversationOf(headers, body);
  return found && `${key.view.accountId} ${found}`;
}
