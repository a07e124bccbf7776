import { type JsonObject, listAt, objectAt, textIn } from '../../dialects/json/read.js';
import type { CanonicalAnswer, Reason } from '../canonical.js';
import { Losses } from '../losses.js';
import { inputOf, reasonWith, stringAt } from '../reading.js';

type Parts = CanonicalAnswer['parts'];

/** Why a response ended; what is not known is an end. */
export function reasonOf({ status, incomplete_details: details }: JsonObject): Reason {
  if (status !== 'incomplete') return 'end';
  return objectAt(details)?.['reason'] === 'content_filter' ? 'refused' : 'limit';
}

/** A whole response. What upstream ran itself is left out. */
export function readAnswer(body: JsonObject): CanonicalAnswer {
  const parts = listAt(body['output']).flatMap((item) => partsOf(objectAt(item) ?? {}));
  const calls = parts.filter(({ kind }) => kind === 'call').length;
  return {
    id: textIn(body['id']),
    model: textIn(body['model']),
    parts,
    finish: { reason: reasonWith(reasonOf(body), calls) },
  };
}

/** What an item says. */
export function partsOf(item: JsonObject): Parts {
  switch (item['type']) {
    case 'message': {
      const text = textOf(item);
      return text === '' ? [] : [{ kind: 'text', text }];
    }
    case 'reasoning':
      return [{ kind: 'thought', text: thoughtOf(item), signature: textIn(item['encrypted_content']) }];
    case 'function_call': {
      const input = inputOf(item['arguments'], new Losses());
      return [{ kind: 'call', id: callIdOf(item), name: String(item['name']), input }];
    }
    default:
      return [];
  }
}

export const callIdOf = ({ call_id: call, id }: JsonObject): string => textIn(call) ?? String(id);

function textOf({ content }: JsonObject): string {
  const texts = listAt(content).map((part) => {
    const { text, refusal } = objectAt(part) ?? {};
    return stringAt(text) ?? stringAt(refusal) ?? '';
  });
  return texts.join('');
}

/** What of a thought may be read: its summary, else the thought itself where an upstream shows that. */
function thoughtOf({ summary, content }: JsonObject): string {
  const texts = (parts: unknown) => listAt(parts).map((part) => stringAt(objectAt(part)?.['text']) ?? '');
  return texts(summary).join('\n\n') || texts(content).join('');
}
