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

/** Thoughts in the open, by the names that upstreams have for them. Some (vLLM) say the same under two: it is one text. */
const THOUGHTS = ['reasoning_content', 'reasoning', 'reasoning_text', 'thinking'] as const;

/** What the model wrote in a whole answer or in a chunk of a stream: content, reasoning, refusals, and the names and arguments of calls. */
export function chatOutputText(payload: JsonObject): string {
  let text = '';
  for (const value of listAt(payload['choices'])) {
    const choice = objectAt(value);
    const message = writingOf(choice);
    // Some answer as if a completion had been asked for.
    if (!message) {
      text += textAt(choice?.['text']);
      continue;
    }
    text += textAt(message['content']) + textAt(message['refusal']) + thoughtsOf(message);
    text += textAt(objectAt(message['audio'])?.['transcript']);
    for (const part of listAt(message['content'])) text += textAt(objectAt(part)?.['text']);
    for (const value of listAt(message['tool_calls'])) {
      const call = objectAt(value);
      text += functionText(call?.['function']) + functionText(call?.['custom']);
    }
    text += functionText(message['function_call']);
  }
  return text;
}

/** Thoughts in the open: under a name of their own the longest of them, else in details, and in parts of the content. */
export function thoughtsOf(message: JsonObject): string {
  let longest = '';
  for (const name of THOUGHTS) {
    const text = textAt(message[name]);
    if (text.length > longest.length) longest = text;
  }
  const inParts = thoughtsIn(listAt(message['content']));
  if (longest !== '') return longest + inParts;
  let text = '';
  for (const detail of listAt(message['reasoning_details'])) {
    const { text: thought, summary } = objectAt(detail) ?? {};
    text += textAt(thought) + textAt(summary);
  }
  return text + inParts;
}

/** Mistral has a thought as a part with parts of its own. */
function thoughtsIn(parts: readonly unknown[]): string {
  let text = '';
  for (const part of parts) {
    const thought = objectAt(part)?.['thinking'];
    text += textAt(thought);
    for (const inner of listAt(thought)) text += textAt(objectAt(inner)?.['text']);
  }
  return text;
}

const textAt = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A call of a function has arguments, one of a custom tool an input. */
function functionText(call: unknown): string {
  const { name, arguments: given, input } = objectAt(call) ?? {};
  return textAt(name) + textAt(given) + textAt(input);
}
