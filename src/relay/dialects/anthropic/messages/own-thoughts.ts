import { parseBody } from '../../json/body.js';
import type { JsonEdit } from '../../json/members.js';
import { listAt, objectAt } from '../../json/read.js';

/** How signatures begin that this service gave thoughts of other upstreams. As it stands in JSON; text that quotes it has `\"`, which does not match. */
export const OWN_SIGNATURE = 'cf1.';
const MARK = Buffer.from(`"${OWN_SIGNATURE}`);

/**
 * Takes thoughts out of the conversation that upstream never signed, for it would refuse the call: they are of a channel of another dialect, to which the
 * conversation went before. All other requests go on as they are.
 */
export function withoutOwnThoughts(body: Buffer): readonly JsonEdit[] {
  if (!body.includes(MARK)) return [];
  const messages = listAt(parseBody(body)['messages']).flatMap((message) => {
    const { content } = objectAt(message) ?? {};
    if (!Array.isArray(content)) return [message];
    const kept = content.filter((block) => !isOwnThought(block));
    return kept.length > 0 ? [{ ...(message as object), content: kept }] : [];
  });
  return [{ name: 'messages', json: JSON.stringify(messages) }];
}

function isOwnThought(block: unknown): boolean {
  const { type, signature } = objectAt(block) ?? {};
  return type === 'thinking' && typeof signature === 'string' && signature.startsWith(OWN_SIGNATURE);
}
