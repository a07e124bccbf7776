import { parseBody } from '../../json/body.js';
import type { JsonEdit } from '../../json/members.js';
import { type JsonObject, listAt, objectAt } from '../../json/read.js';

/** How proofs begin that this service gave in place of Google: its own mark, in the letters in which proofs are written. */
export const OWN_PROOF = 'Y2YxL';
const MARK = Buffer.from(`"${OWN_PROOF}`);
/** What models that check proofs take for a call that another model made. https://ai.google.dev/gemini-api/docs/thought-signatures */
export const UNPROVEN = 'skip_thought_signature_validator';
const PROOFS = ['thoughtSignature', 'thought_signature'];

/** Models that refuse the first call of a turn without a proof. */
export const needsProofs = (model: string): boolean => /gemini-(?:[3-9]|\d{2})/i.test(model);

/**
 * Takes proofs out of the conversation that upstream never gave, for it would refuse the call: they are of a channel of another dialect, to which
 * the conversation went before. All other requests go on as they are.
 */
export function withoutOwnThoughts(body: Buffer, model: string): readonly JsonEdit[] {
  if (!body.includes(MARK)) return [];
  const { contents } = parseBody(body);
  const needed = needsProofs(model);
  const kept = listAt(contents).map((content) => {
    const { parts } = objectAt(content) ?? {};
    if (!Array.isArray(parts)) return content;
    return { ...(content as object), parts: parts.map((part) => withoutProof(part, needed)) };
  });
  return [{ name: 'contents', json: JSON.stringify(kept) }];
}

function withoutProof(value: unknown, needed: boolean): unknown {
  const part: JsonObject = objectAt(value) ?? {};
  const own = PROOFS.filter((name) => typeof part[name] === 'string' && part[name].startsWith(OWN_PROOF));
  if (own.length === 0) return value;
  const rest = Object.fromEntries(Object.entries(part).filter(([name]) => !own.includes(name)));
  const isCall = ['functionCall', 'function_call'].some((name) => objectAt(part[name]));
  return isCall && needed ? { ...rest, thoughtSignature: UNPROVEN } : rest;
}
