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
export const writeFinish = ({ reason, stopText }: Finish) => ({
  stop_reason: reasons[reason],
  stop_sequence: stopText ?? null,
});

/** A message with what it holds, or, of one that has only begun, is to hold. */
export const writeMessage = (
  { id, model }: Pick<CanonicalAnswer, 'id' | 'model'>,
  {
    content,
    usage,
    finish,
  }: { readonly content: object[]; readonly usage: object; readonly finish?: Finish },
  context: AnswerContext,
): object => ({
  id: id?.startsWith('msg_') ? id : `msg_${spelledId(id ?? context.requestId)}`,
  type: 'message',
  role: 'assistant',
  model: model ?? context.model,
  content,
  stop_reason: finish ? reasons[finish.reason] : null,
  stop_sequence: finish?.stopText ?? null,
  usage,
});

/** The id of a call as the client gets it and gives it back: what it may be made of is checked by its libraries. */
export const writeCallId = (id: string): string => spelledId(id);

/** A whole message. */
export function writeAnswer(answer: CanonicalAnswer, usage: Usage, context: AnswerContext): object {
  const content = answer.parts.map((part) => {
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
  return writeMessage(answer, { content, finish: answer.finish, usage: writeUsage(usage) }, context);
}
