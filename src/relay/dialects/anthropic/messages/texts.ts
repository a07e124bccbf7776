import { type JsonObject, listAt, objectAt } from '../../json/read.js';
import { collectTexts } from '../../json/texts.js';
import { dataTokens } from '../../../metering/estimate-nodes.js';
import { notText, SEALED_CHARACTERS_PER_TOKEN } from '../media.js';

/** The text of a request's prompt. */
export function promptTextOf(body: JsonObject): string {
  const texts: string[] = [];
  for (const member of ['system', 'messages', 'tools'] as const) collectTexts(body[member], notText, texts);
  return texts.join('\n');
}

/** What the model wrote in a whole answer: text, thinking, and the names and inputs of calls. */
export function outputTextOf(payload: JsonObject): string {
  let text = '';
  for (const element of listAt(payload['content'])) {
    const block = objectAt(element);
    if (!block) continue;
    text += blockText(block) + inputText(block);
  }
  return text;
}

/** What the model wrote in one event of a stream. */
export function eventTextOf(event: JsonObject): string {
  const delta = objectAt(event['delta']);
  if (delta) return textAt(delta['text']) + textAt(delta['thinking']) + textAt(delta['partial_json']);
  const block = objectAt(event['content_block']);
  // Its input comes in pieces behind it, but some tell it whole.
  if (block) return blockText(block) + inputText(block);
  // A message begins empty, but clients show what it begins with.
  return outputTextOf(objectAt(event['message']) ?? {});
}

/** Thoughts that are handed out sealed, in a whole answer or in one event: tokens from above. */
export function sealedTokensOf(payload: JsonObject): number {
  const begun = objectAt(payload['message'])?.['content'];
  const blocks = [...listAt(payload['content']), ...listAt(begun), payload['content_block']];
  let tokens = 0;
  for (const block of blocks) {
    const { type, data } = objectAt(block) ?? {};
    if (type === 'redacted_thinking') tokens += dataTokens(data, SEALED_CHARACTERS_PER_TOKEN);
  }
  return tokens;
}

function blockText({ text, thinking, name }: JsonObject): string {
  return textAt(text) + textAt(thinking) + textAt(name);
}

function inputText({ input }: JsonObject): string {
  const given = objectAt(input);
  return given && Object.keys(given).length > 0 ? JSON.stringify(given) : '';
}

function textAt(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
