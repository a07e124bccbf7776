import { type JsonObject, listAt, objectAt, textIn } from '../../dialects/json/read.js';
import type { CanonicalAnswer, Finish } from '../canonical.js';
import { Losses } from '../losses.js';
import { inputOf, stringAt } from '../reading.js';

/** Why a message stopped; what is not known is an end. */
export function readFinish({ stop_reason: reason, stop_sequence: text }: JsonObject): Finish {
  switch (reason) {
    case 'max_tokens':
    case 'model_context_window_exceeded':
      return { reason: 'limit' };
    case 'tool_use':
      return { reason: 'tools' };
    case 'stop_sequence':
      return { reason: 'stop', stopText: textIn(text) };
    case 'refusal':
      return { reason: 'refused' };
    case 'pause_turn':
      return { reason: 'paused' };
    default:
      return { reason: 'end' };
  }
}

/** A whole message. */
export function readAnswer(body: JsonObject): CanonicalAnswer {
  return {
    id: textIn(body['id']),
    model: textIn(body['model']),
    parts: listAt(body['content']).flatMap((block) => partOf(objectAt(block) ?? {})),
    finish: readFinish(body),
  };
}

function partOf(block: JsonObject): CanonicalAnswer['parts'] {
  switch (block['type']) {
    case 'text':
      return block['text'] === '' ? [] : [{ kind: 'text', text: stringAt(block['text']) ?? '' }];
    case 'thinking': {
      const { thinking, signature } = block;
      return [{ kind: 'thought', text: stringAt(thinking) ?? '', signature: stringAt(signature) }];
    }
    case 'tool_use': {
      const input = inputOf(block['input'], new Losses());
      return [{ kind: 'call', id: String(block['id']), name: String(block['name']), input }];
    }
    default:
      return [];
  }
}
