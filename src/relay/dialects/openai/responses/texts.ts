import { type JsonObject, listAt, objectAt } from '../../json/read.js';
import { collectTexts } from '../../json/texts.js';
import { notText } from '../media.js';
import { itemMedia } from './estimate.js';

const itemNotText: ReadonlySet<string> = new Set([...notText, ...itemMedia.keys(), 'call_id', 'file_id']);

/** The text of a request's prompt. */
export function promptText(body: JsonObject): string {
  const texts: string[] = [];
  for (const member of ['instructions', 'input', 'tools'] as const) {
    collectTexts(body[member], itemNotText, texts);
  }
  return texts.join('\n');
}

/** Deltas that are no text. */
const NO_TEXT = new Set(['response.audio.delta', 'response.output_audio.delta']);

/** What the model wrote in a whole response: messages, refusals, reasoning, and the names and arguments of calls. */
export function responseText(response: JsonObject): string {
  let text = '';
  for (const item of listAt(response['output'])) {
    const { content, summary, name, arguments: given, input } = objectAt(item) ?? {};
    for (const part of [...listAt(content), ...listAt(summary)]) {
      text += textAt(objectAt(part)?.['text']) + textAt(objectAt(part)?.['refusal']);
    }
    text += textAt(name) + textAt(given) + textAt(input);
  }
  return text;
}

/** The same in an event of a stream. Only deltas count, and names of calls when they begin: other events repeat what has been. */
export function eventText(event: JsonObject): string {
  const type = textAt(event['type']);
  if (type.endsWith('.delta')) return NO_TEXT.has(type) ? '' : textAt(event['delta']);
  if (type === 'response.output_item.added') return textAt(objectAt(event['item'])?.['name']);
  return '';
}

function textAt(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
