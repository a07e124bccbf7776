import type { Usage } from '../../../domain/pricing/usage.js';
import { objectAt } from '../../dialects/json/read.js';
import type { CallPart, CanonicalAnswer, Finish } from '../canonical.js';
import type { AnswerContext } from '../codec.js';
import { writeProof } from './proofs.js';
import { writeUsage } from './write-usage.js';

const reasons = {
  end: 'STOP',
  limit: 'MAX_TOKENS',
  tools: 'STOP',
  stop: 'STOP',
  refused: 'SAFETY',
  paused: 'STOP',
} as const;

/** A part of an answer in Google's words. */
export type Written = Readonly<Record<string, unknown>>;

export const writeHead = (
  id: string | undefined,
  model: string | undefined,
  context: AnswerContext,
): object => ({
  modelVersion: model ?? context.model,
  responseId: id ?? context.requestId,
});

export const writeCandidate = (parts: readonly Written[], finish?: Finish): object => ({
  content: { role: 'model', parts },
  ...(finish && { finishReason: reasons[finish.reason] }),
  index: 0,
});

/** A call is one part. Upstream's arguments are an object, or none. */
export const writeCall = ({ id, name, input }: Omit<CallPart, 'kind'>, context: AnswerContext): Written => ({
  functionCall: { id, name: context.originalName(name), args: argumentsOf(input) },
});

function argumentsOf(input: string): object {
  try {
    return objectAt(JSON.parse(input)) ?? {};
  } catch {
    return input.trim() === '' ? {} : { _raw: input };
  }
}

/** A whole answer. What upstream has signed is the proof of the part that comes next, or of an empty text in the end. */
export function writeAnswer(
  { id, model, parts, finish }: CanonicalAnswer,
  usage: Usage,
  context: AnswerContext,
): object {
  const written: Written[] = [];
  let proof: Written = {};
  for (const part of parts) {
    if (part.kind === 'thought') {
      if (part.text !== '' && !context.hidesThoughts) written.push({ text: part.text, thought: true });
      if (part.signature) proof = proofOf(part.signature, context);
      continue;
    }
    written.push({ ...(part.kind === 'text' ? { text: part.text } : writeCall(part, context)), ...proof });
    proof = {};
  }
  if (Object.keys(proof).length > 0) written.push({ text: '', ...proof });
  return {
    candidates: [writeCandidate(written, finish)],
    usageMetadata: writeUsage(usage),
    ...writeHead(id, model, context),
  };
}

export const proofOf = (signature: string, context: AnswerContext): Written => ({
  thoughtSignature: writeProof(context.seal(signature)),
});
