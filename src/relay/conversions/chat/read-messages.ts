import { type JsonObject, listAt, objectAt, textIn } from '../../dialects/json/read.js';
import { proofIn } from '../../dialects/openai/own-thoughts.js';
import type { CallPart, DocumentPart, Part, PicturePart, ResultPart, TextPart, Turn } from '../canonical.js';
import type { Losses } from '../losses.js';
import { inputOf, pushTurn, sourceAt, stringAt, textsOf } from '../reading.js';
import { thoughtsOf } from '../../dialects/openai/chat/texts.js';

/** Instructions before the conversation, and the conversation. @throws Inconvertible */
export function readMessages(messages: unknown, losses: Losses): { system: string[]; turns: Turn[] } {
  const system: string[] = [];
  const turns: Turn[] = [];
  for (const element of listAt(messages)) {
    const message = objectAt(element) ?? {};
    const { role, content } = message;
    if (role === 'system' || role === 'developer') {
      if (turns.length === 0) system.push(...textsOf(content));
      else pushTurn(turns, 'system', contentParts(content, losses));
    } else if (role === 'assistant') pushTurn(turns, 'assistant', assistantParts(message, losses));
    else if (role === 'tool' || role === 'function') pushTurn(turns, 'user', [resultOf(message, losses)]);
    else pushTurn(turns, 'user', contentParts(content, losses));
  }
  return { system, turns };
}

function assistantParts(message: JsonObject, losses: Losses): Part[] {
  const text = thoughtsOf(message);
  // OpenRouter's thoughts with their proofs.
  if (listAt(message['reasoning_details']).length > 0) losses.tell('thinking_signature');
  const refusal = textIn(message['refusal']);
  // Kept at its provider, and known by an id alone.
  if (objectAt(message['audio'])) losses.tell('audio', 'messages');
  const [first, ...others] = callsOf(message, losses);
  const thought = { kind: 'thought', text, signature: first?.signature } as const;
  return [
    ...(text === '' && !thought.signature ? [] : [thought]),
    ...contentParts(message['content'], losses),
    ...(refusal === undefined ? [] : [{ kind: 'text' as const, text: refusal }]),
    ...(first ? [first.call] : []),
    ...others.flatMap(({ call, signature }): Part[] =>
      signature === undefined ? [call] : [{ kind: 'thought', text: '', signature }, call],
    ),
  ];
}

/** A call, and what was signed before it. */
interface SignedCall {
  readonly call: CallPart;
  readonly signature: string | undefined;
}

function callsOf({ tool_calls: calls, function_call: older }: JsonObject, losses: Losses): SignedCall[] {
  const named = objectAt(older);
  const all = named ? [{ id: `call_${String(named['name'])}`, function: named }] : listAt(calls);
  return all.map((element) => {
    const call = objectAt(element) ?? {};
    const custom = objectAt(call['custom']);
    if (custom) losses.tell('content', 'messages');
    const called = objectAt(call['function']) ?? {};
    const input = inputOf(called['arguments'], losses);
    const id = String(call['id']);
    const read: CallPart = { kind: 'call', id, name: String(called['name']), input };
    return { call: read, signature: textIn(proofIn(call)) };
  });
}

function resultOf({ role, tool_call_id: id, name, content }: JsonObject, losses: Losses): ResultPart {
  const called = role === 'function' ? `call_${String(name)}` : String(id);
  return { kind: 'result', id: called, parts: contentParts(content, losses), failed: false };
}

function contentParts(content: unknown, losses: Losses): (TextPart | PicturePart | DocumentPart)[] {
  if (typeof content === 'string') return content === '' ? [] : [{ kind: 'text', text: content }];
  return listAt(content).flatMap((element) => {
    if (typeof element === 'string') return [{ kind: 'text' as const, text: element }];
    return readPart(objectAt(element) ?? {}, losses);
  });
}

function readPart(part: JsonObject, losses: Losses): (TextPart | PicturePart | DocumentPart)[] {
  if (part['cache_control']) losses.tell('cache_control');
  switch (part['type']) {
    case 'text':
    case 'refusal': {
      const text = stringAt(part['text']) ?? stringAt(part['refusal']) ?? '';
      return text === '' ? [] : [{ kind: 'text', text }];
    }
    case 'image_url': {
      const given = part['image_url'];
      const url = stringAt(given) ?? stringAt(objectAt(given)?.['url']) ?? '';
      return [{ kind: 'picture', source: sourceAt(url) }];
    }
    case 'file': {
      const { file_data: data, filename } = objectAt(part['file']) ?? {};
      if (typeof data !== 'string') losses.tell('file_id', 'messages');
      return [{ kind: 'document', source: sourceAt(String(data)), name: stringAt(filename) }];
    }
    case 'input_audio':
      losses.tell('audio', 'messages');
      return [];
    case 'thinking':
    case 'reasoning':
      losses.tell('thinking_signature');
      return [];
    default:
      losses.tell('content', 'messages');
      return [];
  }
}
