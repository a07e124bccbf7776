import type { Usage } from '../../../domain/pricing/usage.js';
import type { CanonicalAnswer, Finish } from '../canonical.js';
import type { AnswerContext } from '../codec.js';
import { spelledId } from '../names.js';
import { writeUsage } from './write-usage.js';

const reasons = {
  end: 'end_turn',
  limit: 'max_tokens',
  tools: 'tool_use',
  stop: 'stop_sequence',
  refused: 'refusal',
  paused: 'pause_turn',
} as const;

/** Why it stopped, in Anthropic's words. */
export const writeFinish = ({ reason, stopText }: Finish): object => ({
  stop_reason: reasons[reason],
  stop_sequence: stopText ?? null,
});

/** The head of a message, without its content. */
export const writeHead = (
  id: string | undefined,
  model: string | undefined,
  context: AnswerContext,
): object => ({
  id: id?.startsWith('msg_') ? id : `msg_${spelledId(id ?? context.requestId)}`,
  type: 'message',
  role: 'assistant',
  model: model ?? context.model,
});

/** The id of a call as the client gets it and gives it back: what it may be made of is checked by its libraries. */
export const writeCallId = (id: string): string => spelledId(id);

/** A whole message. */
export function writeAnswer(
  { id, model, parts, finish }: CanonicalAnswer,
  usage: Usage,
  context: AnswerContext,
): object {
  const content = parts.map((part) => {
    switch (part.kind) {
      case 'text':
        return { type: 'text', text: part.text };
      case 'thought':
        return { type: 'thinking', thinking: part.text, signature: context.seal(part.signature ?? '') };
      case 'call': {
        const input: unknown = JSON.parse(part.input);
        return { type: 'tool_use', id: writeCallId(part.id), name: context.originalName(part.name), input };
      }
    }
  });
  return { ...writeHead(id, model, context), content, ...writeFinish(finish), usage: writeUsage(usage) };
}
