import { type JsonObject, listAt, objectAt, textIn } from '../../dialects/json/read.js';
import type { DocumentPart, Part, PicturePart, TextPart, Turn } from '../canonical.js';
import { Inconvertible, type Losses } from '../losses.js';
import { inputOf, pushTurn, sourceAt, stringAt, textsOf } from '../reading.js';
import { nameIn } from '../tool-choice.js';
import { isOfClient, SEARCH } from './read-tools.js';

type Media = TextPart | PicturePart | DocumentPart;

/** Items of tools that upstream ran, and what they gave. */
const HOSTED =
  /^(web_search|file_search|image_generation|code_interpreter|computer|mcp|local_shell|shell|tool_search|apply_patch)_/;

/** Instructions before the conversation, and the conversation. @throws Inconvertible */
export function readItems(input: unknown, losses: Losses): { system: string[]; turns: Turn[] } {
  const system: string[] = [];
  const turns: Turn[] = [];
  if (typeof input === 'string') pushTurn(turns, 'user', [{ kind: 'text', text: input }]);
  for (const element of listAt(input)) {
    const item = objectAt(element) ?? {};
    const { role, content } = item;
    if (isMessage(item) && (role === 'system' || role === 'developer')) {
      if (turns.length === 0) system.push(...textsOf(content));
      else pushTurn(turns, 'system', contentParts(content, losses));
    } else pushTurn(turns, roleOf(item), readItem(item, losses));
  }
  return { system, turns };
}

const isMessage = ({ type }: JsonObject): boolean => type === undefined || type === 'message';

const BY_ASSISTANT: ReadonlySet<unknown> = new Set([
  ...['function_call', 'custom_tool_call', 'tool_search_call', 'reasoning'],
]);

const roleOf = ({ type, role }: JsonObject): Turn['role'] =>
  role === 'assistant' || BY_ASSISTANT.has(type) ? 'assistant' : 'user';

function readItem(item: JsonObject, losses: Losses): Part[] {
  if (isMessage(item)) return contentParts(item['content'], losses);
  const id = String(item['call_id']);
  const name = nameIn(textIn(item['namespace']), String(item['name']));
  switch (item['type']) {
    case 'function_call':
      return [{ kind: 'call', id, name, input: inputOf(item['arguments'], losses) }];
    case 'custom_tool_call':
      return [{ kind: 'call', id, name, input: JSON.stringify({ input: stringAt(item['input']) ?? '' }) }];
    case 'function_call_output':
    case 'custom_tool_call_output':
      return [{ kind: 'result', id, parts: contentParts(item['output'], losses), failed: false }];
    case 'reasoning': {
      const text = textsOf(item['summary']).join('\n');
      return [{ kind: 'thought', text, signature: textIn(item['encrypted_content']) }];
    }
    case 'item_reference':
      losses.tell('item_reference', 'input');
      return [];
    case 'additional_tools':
      return [];
    default:
      return isOfClient(item) ? searchItem(item, id, losses) : otherItem(item, losses);
  }
}

/** A search for tools that its client ran: the tools that it found are offered, and the result names them. */
function searchItem(item: JsonObject, id: string, losses: Losses): Part[] {
  if (item['type'] === 'tool_search_call')
    return [{ kind: 'call', id, name: SEARCH, input: inputOf(item['arguments'], losses) }];
  const found = listAt(item['tools']).map((tool) => textIn(objectAt(tool)?.['name']));
  const text = JSON.stringify({ tools: found });
  return [{ kind: 'result', id, parts: [{ kind: 'text', text }], failed: false }];
}

/** What other clients put between the turns: its text, where it has one. */
function otherItem(item: JsonObject, losses: Losses): Part[] {
  if (typeof item['type'] === 'string' && HOSTED.test(item['type'])) {
    losses.tell('hosted_tools');
    return [];
  }
  const texts = [...textsOf(item['content']), ...textsOf(item['text']), ...textsOf(item['message'])];
  if (texts.length === 0) losses.tell('content', 'input');
  return texts.map((text) => ({ kind: 'text', text }));
}

function contentParts(content: unknown, losses: Losses): Media[] {
  if (typeof content === 'string') return content === '' ? [] : [{ kind: 'text', text: content }];
  return listAt(content).flatMap((element) => readPart(objectAt(element) ?? {}, losses));
}

function readPart(part: JsonObject, losses: Losses): Media[] {
  switch (part['type']) {
    case 'input_text':
    case 'output_text':
    case 'text':
    case 'refusal': {
      const text = stringAt(part['text']) ?? stringAt(part['refusal']) ?? '';
      return text === '' ? [] : [{ kind: 'text', text }];
    }
    case 'input_image': {
      const url = textIn(part['image_url']);
      if (url === undefined) losses.tell('file_id', 'input');
      return [{ kind: 'picture', source: sourceAt(url ?? '') }];
    }
    case 'input_file': {
      const address = textIn(part['file_data']) ?? textIn(part['file_url']);
      if (address === undefined) losses.tell('file_id', 'input');
      return [{ kind: 'document', source: sourceAt(address ?? ''), name: stringAt(part['filename']) }];
    }
    case 'input_audio':
      losses.tell('audio', 'input');
      return [];
    default:
      throw new Inconvertible('input', 'input: a part of this type cannot be converted.');
  }
}
