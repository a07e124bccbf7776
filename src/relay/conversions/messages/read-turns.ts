import { type JsonObject, listAt, objectAt } from '../../dialects/json/read.js';
import type { DocumentPart, Part, PicturePart, ResultPart, Source, TextPart, Turn } from '../canonical.js';
import { Inconvertible, type Losses } from '../losses.js';
import { inputOf, pushTurn, stringAt } from '../reading.js';

/** What upstream ran itself, and what it found. */
const HOSTED = /^(server_tool_use|mcp_tool_use|.+_tool_result|container_upload)$/;

/** The conversation of a request. @throws Inconvertible */
export function readTurns(messages: unknown, losses: Losses): Turn[] {
  const turns: Turn[] = [];
  for (const element of listAt(messages)) {
    const message = objectAt(element) ?? {};
    const { role, content } = message;
    const parts =
      typeof content === 'string'
        ? textPart(content)
        : listAt(content).flatMap((block) => readBlock(objectAt(block) ?? {}, losses));
    pushTurn(turns, role === 'assistant' || role === 'system' ? role : 'user', parts);
  }
  return turns;
}

const textPart = (text: unknown): TextPart[] =>
  typeof text === 'string' && text !== '' ? [{ kind: 'text', text }] : [];

function readBlock(block: JsonObject, losses: Losses): Part[] {
  if (block['cache_control']) losses.tell('cache_control');
  const { type } = block;
  switch (type) {
    case 'text':
      if (listAt(block['citations']).length > 0) losses.tell('citations');
      return textPart(block['text']);
    case 'image':
    case 'document':
      return readMedia(block, losses);
    case 'thinking':
      return [
        {
          kind: 'thought',
          text: stringAt(block['thinking']) ?? '',
          signature: stringAt(block['signature']),
        },
      ];
    case 'redacted_thinking':
      losses.tell('redacted_thinking');
      return [];
    case 'tool_use':
      return [
        {
          kind: 'call',
          id: String(block['id']),
          name: String(block['name']),
          input: inputOf(block['input'], losses),
        },
      ];
    case 'tool_result':
      return [readResult(block, losses)];
    // All tools are offered from the beginning, and nothing is left out of a history.
    case 'tool_reference':
      losses.tell('hosted_tools');
      return textPart(block['tool_name']);
    case 'compaction':
      return textPart(block['content']);
    case 'search_result':
      losses.tell('citations');
      return textPart(searchResultText(block));
    default:
      if (typeof type === 'string' && HOSTED.test(type)) losses.tell('hosted_tools');
      else losses.tell('content', 'messages');
      return [];
  }
}

function readResult(block: JsonObject, losses: Losses): ResultPart {
  const { content, tool_use_id: id, is_error: failed } = block;
  const parts =
    typeof content === 'string'
      ? textPart(content)
      : listAt(content).flatMap((element) =>
          readBlock(objectAt(element) ?? {}, losses).filter(
            (part) => part.kind === 'text' || part.kind === 'picture' || part.kind === 'document',
          ),
        );
  return { kind: 'result', id: String(id), parts, failed: failed === true };
}

function readMedia(block: JsonObject, losses: Losses): (TextPart | PicturePart | DocumentPart)[] {
  if (objectAt(block['citations'])?.['enabled'] === true) losses.tell('citations');
  const source = objectAt(block['source']) ?? {};
  if (source['type'] === 'text') return textPart(source['data']);
  if (source['type'] === 'content')
    return listAt(source['content']).flatMap((element) => textPart(objectAt(element)?.['text']));
  const read = readSource(source, losses);
  if (block['type'] === 'image') return [{ kind: 'picture', source: read }];
  return [{ kind: 'document', source: read, name: stringAt(block['title']) }];
}

function readSource({ type, data, media_type: mediaType, url }: JsonObject, losses: Losses): Source {
  if (type === 'base64' && typeof data === 'string')
    return { from: 'data', mediaType: String(mediaType), data };
  if (type === 'url' && typeof url === 'string') return { from: 'url', url };
  if (type === 'file') losses.tell('file_id', 'messages');
  throw new Inconvertible('messages', 'messages: a source of this type cannot be converted.');
}

function searchResultText({ title, source, content }: JsonObject): string {
  const texts = listAt(content).map((element) => stringAt(objectAt(element)?.['text']) ?? '');
  return [stringAt(title), stringAt(source), ...texts].filter(Boolean).join('\n');
}
