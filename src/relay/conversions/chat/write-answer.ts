import type { Usage } from '../../../domain/pricing/usage.js';
import type { CanonicalAnswer, Finish } from '../canonical.js';
import type { AnswerContext } from '../codec.js';
import { writeUsage } from './write-usage.js';

const reasons = {
  end: 'stop',
  limit: 'length',
  tools: 'tool_calls',
  stop: 'stop',
  refused: 'content_filter',
  paused: 'stop',
} as const;

/** Why a choice finished, in OpenAI's words. */
export const writeReason = ({ reason }: Finish): string => reasons[reason];

/** The head of a chat or of a chunk. */
export const writeHead = (
  object: 'chat.completion' | 'chat.completion.chunk',
  { id, model }: Pick<CanonicalAnswer, 'id' | 'model'>,
  context: AnswerContext,
) => ({
  id: `chatcmpl-${id ?? context.requestId}`,
  object,
  created: context.createdAt,
  model: model ?? context.model,
});

/** What upstream has signed goes with the call that comes next, where Google has it in chats; nothing where nothing is. */
export const writeProof = (signature: string, { seal }: AnswerContext): object =>
  signature === '' ? {} : { extra_content: { google: { thought_signature: seal(signature) } } };

/** A whole chat. */
export function writeAnswer(answer: CanonicalAnswer, usage: Usage, context: AnswerContext): object {
  const { parts } = answer;
  const textOf = (kind: 'text' | 'thought') =>
    parts.flatMap((part) => (part.kind === kind ? [part.text] : [])).join('');
  let signed = '';
  const calls = parts.flatMap((part) => {
    if (part.kind === 'thought') signed = part.signature ?? signed;
    if (part.kind !== 'call') return [];
    const called = { name: context.originalName(part.name), arguments: part.input };
    const proof = writeProof(signed, context);
    signed = '';
    return [{ id: part.id, type: 'function', function: called, ...proof }];
  });
  const text = textOf('text');
  const thought = textOf('thought');
  const message = {
    role: 'assistant',
    content: text === '' && calls.length > 0 ? null : text,
    refusal: null,
    ...(thought !== '' && { reasoning_content: thought }),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
  const { id, object, created, model } = writeHead('chat.completion', answer, context);
  const choices = [{ index: 0, message, logprobs: null, finish_reason: writeReason(answer.finish) }];
  return { id, object, created, model, choices, usage: writeUsage(usage) };
}
