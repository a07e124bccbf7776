import type { JsonObject } from '../../dialects/json/read.js';
import type { Part, PicturePart, ResultPart, Source, Turn } from '../canonical.js';
import type { Writing } from '../codec.js';
import { unsealed } from '../envelope.js';
import { reminder } from '../turns.js';

interface WritingTurns extends Writing {
  /** Thoughts of the history are only taken where it is to think again. */
  readonly showsThoughts: boolean;
}

/** The conversation as messages; instructions amid it are said by the user, and neighbours of one role are one message. @throws Inconvertible */
export function writeTurns(turns: readonly Turn[], writing: WritingTurns): JsonObject[] {
  const messages: { role: string; content: object[] }[] = [];
  for (const turn of turns) {
    const role = turn.role === 'assistant' ? 'assistant' : 'user';
    const content =
      turn.role === 'system'
        ? [{ type: 'text', text: reminder(turn, writing.losses) }]
        : turn.parts.flatMap((part) => writePart(part, writing));
    if (content.length === 0) continue;
    const before = messages.at(-1);
    if (before?.role === role) before.content.push(...content);
    else messages.push({ role, content });
  }
  return messages;
}

function writePart(part: Part, writing: WritingTurns): object[] {
  const { names, losses, seal, showsThoughts } = writing;
  switch (part.kind) {
    case 'text':
      // One of white space alone is refused as an empty one is.
      return part.text.trim() === '' ? [] : [{ type: 'text', text: part.text }];
    case 'picture':
      return [writePicture(part)];
    case 'document':
      return [{ type: 'document', source: documentSource(part.source), title: part.name }];
    case 'thought': {
      const signature = unsealed(part.signature, seal);
      // One that upstream did not sign here would be refused.
      if (signature && showsThoughts) return [{ type: 'thinking', thinking: part.text, signature }];
      losses.tell('thinking_signature');
      return [];
    }
    case 'call': {
      const input: unknown = JSON.parse(part.input);
      return [{ type: 'tool_use', id: names.id(part.id), name: names.tool(part.name), input }];
    }
    case 'result':
      return [writeResult(part, writing)];
  }
}

function writeResult({ id, parts, failed }: ResultPart, writing: WritingTurns): object {
  const content = parts.flatMap((part) => writePart(part, writing));
  return {
    type: 'tool_result',
    tool_use_id: writing.names.id(id),
    content: content.length > 0 ? content : undefined,
    is_error: failed ? true : undefined,
  };
}

const writePicture = ({ source }: PicturePart): object => ({ type: 'image', source: writeSource(source) });

/** In base64 it may be a PDF alone. */
function documentSource(source: Source): object {
  if (source.from === 'url' || !source.mediaType.startsWith('text/')) return writeSource(source);
  const data = Buffer.from(source.data, 'base64').toString('utf8');
  return { type: 'text', media_type: 'text/plain', data };
}

const writeSource = (source: Source): object =>
  source.from === 'url'
    ? { type: 'url', url: source.url }
    : { type: 'base64', media_type: source.mediaType, data: source.data };
