import { type JsonObject, listAt, objectAt, textIn } from '../../dialects/json/read.js';
import { thoughtsOf } from '../../dialects/openai/chat/texts.js';
import type { CallPart, CanonicalAnswer, Reason } from '../canonical.js';
import { Losses } from '../losses.js';
import { inputOf, reasonWith, stringAt, textsOf } from '../reading.js';

/** Why a choice finished; what is not known is an end. */
export function reasonOf(finish: unknown): Reason {
  switch (finish) {
    case 'length':
    case 'model_length':
      return 'limit';
    case 'tool_calls':
    case 'function_call':
      return 'tools';
    case 'content_filter':
      return 'refused';
    default:
      return 'end';
  }
}

/** A chat's whole answer: its first choice. */
export function readAnswer(body: JsonObject, callId: string): CanonicalAnswer {
  const choice = objectAt(listAt(body['choices'])[0]) ?? {};
  const message = objectAt(choice['message']) ?? {};
  const thought = thoughtsOf(message);
  const texts = [...textsOf(message['content']), textIn(message['refusal']) ?? ''];
  const calls = callsOf(message, callId);
  const parts: CanonicalAnswer['parts'] = [
    ...(thought === '' ? [] : [{ kind: 'thought' as const, text: thought, signature: undefined }]),
    ...texts.flatMap((text) => (text === '' ? [] : [{ kind: 'text' as const, text }])),
    ...calls,
  ];
  return {
    id: textIn(body['id']),
    model: textIn(body['model']),
    parts,
    finish: { reason: reasonWith(reasonOf(choice['finish_reason']), calls.length) },
  };
}

function callsOf({ tool_calls: calls, function_call: older }: JsonObject, callId: string): CallPart[] {
  const asked = listAt(calls).map((call) => objectAt(call) ?? {});
  const all = asked.length === 0 && objectAt(older) ? [{ function: older }] : asked;
  return all.flatMap((call: JsonObject, place) => {
    const called = objectAt(call['function']);
    const name = textIn(called?.['name']);
    if (name === undefined) return [];
    const input = inputOf(called?.['arguments'], new Losses());
    return [{ kind: 'call', id: stringAt(call['id']) || `${callId}_${place}`, name, input }];
  });
}
