import { objectAt, listAt } from './usage.js';

/** Members whose strings are media, addresses or ids, not text that a model reads. */
const NOT_TEXT = new Set(['image_url', 'video_url', 'input_audio', 'file', 'id', 'tool_call_id', 'type']);

/**
 * The text of a request's prompt, for counting when upstream reports nothing: every string under `messages` and `tools`. The body has been
 * parsed before and nested within bounds; it is parsed again because keeping it would cost every call memory and only few need it.
 */
export function promptTextOf(body: Buffer): string {
  const parsed = objectAt(JSON.parse(body.toString('utf8'))) ?? {};
  const texts: string[] = [];
  for (const message of listAt(parsed['messages'])) collect(message, texts);
  for (const member of ['tools', 'functions'] as const) collect(parsed[member], texts);
  return texts.join('\n');
}

function collect(node: unknown, texts: string[]): void {
  if (typeof node === 'string') texts.push(node);
  else if (Array.isArray(node)) for (const element of node) collect(element, texts);
  else if (typeof node === 'object' && node !== null) {
    for (const [name, value] of Object.entries(node)) if (!NOT_TEXT.has(name)) collect(value, texts);
  }
}
