import { type JsonObject, listAt, objectAt } from '../../json/read.js';
import { collectTexts } from '../../json/texts.js';
import { notText } from '../media.js';

/** The text of a chat's prompt. */
export function chatText(body: JsonObject): string {
  const texts: string[] = [];
  for (const member of ['messages', 'tools', 'functions'] as const) {
    collectTexts(body[member], notText, texts);
  }
  return texts.join('\n');
}

/**
 * Where a choice writes: a whole answer has a `message`, a chunk of a stream a `delta`. Some upstreams have a `message` in their chunks, beside
 * an empty `delta` or none.
 */
export function writingOf({ delta, message }: JsonObject = {}): JsonObject | undefined {
  const added = objectAt(delta);
  return added && hasWritten(added) ? added : (objectAt(message) ?? added);
}

/** Whatever it is: text, calls, sound, pictures, thoughts. A role alone opens an answer and writes nothing. */
export const hasWritten = (message: JsonObject | undefined): boolean =>
  Object.entries(message ?? {}).some(([name, value]) => name !== 'role' && isWritten(value));

/** Members of a chunk are often there and empty; what is neither a text nor an object only describes. */
export function isWritten(value: unknown): boolean {
  if (typeof value === 'string') return value !== '';
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

/** What the model wrote in a whole answer or in a chunk of a stream: content, reasoning, refusals, and the names and arguments of calls. */
export function chatOutputText(payload: JsonObject): string {
  let text = '';
  for (const choice of listAt(payload['choices'])) {
    const message = writingOf(objectAt(choice));
    if (!message) continue;
    for (const name of ['content', 'reasoning_content', 'reasoning', 'refusal'] as const) {
      const value = message[name];
      if (typeof value === 'string') text += value;
    }
    text += partsText(message);
    for (const call of listAt(message['tool_calls'])) text += functionText(objectAt(call)?.['function']);
    text += functionText(message['function_call']);
  }
  return text;
}

/** Content in parts, and thoughts in details where they are not repeated as `reasoning`; what was said aloud is written out too. */
function partsText(message: JsonObject): string {
  const { content, audio, reasoning, reasoning_content, reasoning_details: details } = message;
  const isSaidTwice = typeof reasoning === 'string' || typeof reasoning_content === 'string';
  let text = textAt(objectAt(audio)?.['transcript']);
  for (const part of listAt(content)) text += textAt(objectAt(part)?.['text']);
  for (const detail of isSaidTwice ? [] : listAt(details)) {
    const { text: thought, summary } = objectAt(detail) ?? {};
    text += textAt(thought) + textAt(summary);
  }
  return text;
}

const textAt = (value: unknown): string => (typeof value === 'string' ? value : '');

function functionText(call: unknown): string {
  const { name, arguments: given } = objectAt(call) ?? {};
  return (typeof name === 'string' ? name : '') + (typeof given === 'string' ? given : '');
}
