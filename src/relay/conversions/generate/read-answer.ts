import { type JsonObject, listAt, objectAt, textIn } from '../../dialects/json/read.js';
import { isBlocked } from '../../dialects/gemini/generate/candidates.js';
import { inJsonNames } from '../../dialects/gemini/proto-names.js';
import type { CanonicalAnswer, Part, Reason } from '../canonical.js';
import { reasonWith } from '../reading.js';
import { prove } from './proofs.js';

const REFUSALS: ReadonlySet<unknown> = new Set([
  ...['SAFETY', 'PROHIBITED_CONTENT', 'RECITATION', 'BLOCKLIST', 'SPII', 'IMAGE_SAFETY'],
  ...['MALFORMED_FUNCTION_CALL', 'UNEXPECTED_TOOL_CALL', 'TOO_MANY_TOOL_CALLS', 'LANGUAGE'],
]);

/** Why a candidate finished; what is not known is an end. */
export function reasonOf(finish: unknown): Reason {
  if (finish === 'MAX_TOKENS') return 'limit';
  return REFUSALS.has(finish) ? 'refused' : 'end';
}

/** The only candidate that was asked for. */
export const candidateOf = (payload: JsonObject): JsonObject =>
  objectAt(listAt(payload['candidates'])[0]) ?? {};

export const partsOf = (candidate: JsonObject): readonly JsonObject[] =>
  listAt(objectAt(candidate['content'])?.['parts']).map((part) => objectAt(part) ?? {});

/** The call in a part. Google gives most of them no id. */
export function callIn(
  part: JsonObject,
  newId: () => string,
): { readonly id: string; readonly name: string; readonly input: string } | undefined {
  const call = objectAt(part['functionCall']);
  const name = textIn(call?.['name']);
  if (!call || name === undefined) return undefined;
  const input = JSON.stringify(objectAt(call['args']) ?? {});
  return { id: textIn(call['id']) ?? newId(), name, input };
}

/** A whole answer of `:generateContent`. */
export function readAnswer(body: JsonObject, callId: string): CanonicalAnswer {
  const payload = inJsonNames(body);
  const candidate = candidateOf(payload);
  const parts: Part[] = [];
  let calls = 0;
  for (const part of partsOf(candidate)) {
    const { text, thought, thoughtSignature: signature } = part;
    const call = callIn(part, () => `${callId}_${calls}`);
    if (textIn(signature) !== undefined && thought !== true) prove(parts, signature as string);
    if (typeof text === 'string' && text !== '') say(parts, thought === true ? 'thought' : 'text', text);
    if (textIn(signature) !== undefined && thought === true) prove(parts, signature as string);
    if (!call) continue;
    calls++;
    parts.push({ kind: 'call', ...call });
  }
  const reason = isBlocked(payload) ? 'refused' : reasonOf(candidate['finishReason']);
  return {
    id: textIn(payload['responseId']),
    model: textIn(payload['modelVersion']),
    parts: parts as CanonicalAnswer['parts'],
    finish: { reason: reasonWith(reason, calls) },
  };
}

/** A text goes on where there is one of its kind. */
function say(parts: Part[], kind: 'text' | 'thought', text: string): void {
  const last = parts.at(-1);
  if (last?.kind === kind && (last.kind === 'text' || last.signature === undefined))
    parts[parts.length - 1] = { ...last, text: last.text + text };
  else parts.push(kind === 'text' ? { kind, text } : { kind, text, signature: undefined });
}
