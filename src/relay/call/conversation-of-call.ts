import type { IncomingHttpHeaders } from 'node:http';
import { conversationOf } from '../channels/conversation.js';
import type { Conversation } from '../conversions/cache-key.js';

/** Which of the account's conversations a call belongs to: looked for once, by the first who wants to know it. */
export function conversationOfCall(
  accountId: string,
  headers: IncomingHttpHeaders,
  body: Buffer,
): Conversation {
  let named: { readonly as: string | undefined } | undefined;
  return () => {
    if (!named) {
      const found = conversationOf(headers, body);
      named = { as: found && `${accountId} ${found}` };
    }
    return named.as;
  };
}
