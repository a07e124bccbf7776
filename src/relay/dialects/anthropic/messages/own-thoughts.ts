import { objectAt } from '../../json/read.js';
import { isOwnSignature } from '../../own-thoughts.js';

/** A message without the thoughts of other upstreams; none where it was nothing else. */
export function withoutThoughts(message: unknown): readonly unknown[] {
  const { content } = objectAt(message) ?? {};
  if (!Array.isArray(content)) return [message];
  const kept = content.filter((block) => !isOwnThought(block));
  return kept.length > 0 ? [{ ...(message as object), content: kept }] : [];
}

function isOwnThought(block: unknown): boolean {
  const { type, signature } = objectAt(block) ?? {};
  return type === 'thinking' && isOwnSignature(signature);
}
