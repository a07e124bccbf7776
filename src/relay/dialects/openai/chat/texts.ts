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

/** What the model wrote in a whole answer or in a chunk of a stream: content, reasoning, refusals, and the names and arguments of calls. */
export function chatOutputText(payload: JsonObject): string {
  let text = '';
  for (const choice of listAt(payload['choices'])) {
    const holder = objectAt(choice);
    const message = objectAt(holder?.['delta']) ?? objectAt(holder?.['message']);
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
