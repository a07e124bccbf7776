import { type JsonObject, objectAt } from '../json/read.js';
import { isOwnSignature } from '../own-thoughts.js';

/** The proof that a call of a chat carries, where Google speaks chats. */
export const proofIn = (call: JsonObject): unknown =>
  objectAt(objectAt(call['extra_content'])?.['google'])?.['thought_signature'];

/** A message of a chat, of whose calls none has a proof that was given here. */
export function withoutProofs(message: unknown): readonly unknown[] {
  const { tool_calls: calls } = objectAt(message) ?? {};
  if (!Array.isArray(calls)) return [message];
  const kept = calls.map((call: unknown) => {
    const object = objectAt(call) ?? {};
    if (!isOwnSignature(proofIn(object))) return call;
    return Object.fromEntries(Object.entries(object).filter(([name]) => name !== 'extra_content'));
  });
  return [{ ...(message as object), tool_calls: kept }];
}

/** An item of a response, but for thoughts that were sealed here. */
export const withoutReasoning = (item: unknown): readonly unknown[] => {
  const { type, encrypted_content: sealed } = objectAt(item) ?? {};
  return type === 'reasoning' && isOwnSignature(sealed) ? [] : [item];
};
