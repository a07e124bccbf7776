import type { JsonObject } from '../../dialects/json/read.js';
import type {
  DocumentPart,
  Part,
  PicturePart,
  ResultPart,
  Source,
  TextPart,
  ThoughtPart,
  Turn,
} from '../canonical.js';
import type { Writing } from '../codec.js';
import { unsealed } from '../envelope.js';

type Media = TextPart | PicturePart | DocumentPart;

/** The conversation as items: what is said as messages, and calls, results and thoughts as items of their own, in their order. */
export function writeItems(turns: readonly Turn[], writing: Writing): JsonObject[] {
  return turns.flatMap((turn) => {
    if (turn.role === 'assistant') return turn.parts.flatMap((part) => assistantItems(part, writing));
    const role = turn.role === 'system' ? 'developer' : 'user';
    const results = turn.parts.filter((part): part is ResultPart => part.kind === 'result');
    const said = turn.parts.filter(isMedia);
    const content = said.map((part) => mediaPart(part));
    return [
      ...results.map((result) => resultItem(result, writing)),
      ...(content.length > 0 ? [{ type: 'message', role, content }] : []),
    ];
  });
}

const isMedia = (part: Part): part is Media =>
  part.kind === 'text' || part.kind === 'picture' || part.kind === 'document';

function assistantItems(part: Part, { names, losses, seal }: Writing): JsonObject[] {
  switch (part.kind) {
    case 'text':
      return [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: part.text }] }];
    case 'call':
      return [
        {
          type: 'function_call',
          call_id: names.id(part.id),
          name: names.tool(part.name),
          arguments: part.input,
        },
      ];
    case 'thought':
      return reasoningItem(part, { losses, seal });
    default:
      return [];
  }
}

/** One that upstream did not seal here would be refused. */
function reasoningItem(
  { text, signature }: ThoughtPart,
  { losses, seal }: Pick<Writing, 'losses' | 'seal'>,
): JsonObject[] {
  const sealed = unsealed(signature, seal);
  if (!sealed) {
    losses.tell('thinking_signature');
    return [];
  }
  const summary = text === '' ? [] : [{ type: 'summary_text', text }];
  return [{ type: 'reasoning', summary, encrypted_content: sealed }];
}

function resultItem({ id, parts, failed }: ResultPart, { names, losses }: Writing): JsonObject {
  if (failed) losses.tell('is_error');
  const texts = parts.flatMap((part) => (part.kind === 'text' ? [part.text] : []));
  const text = `${failed ? 'Error: ' : ''}${texts.join('\n')}`;
  const media = parts.filter((part) => part.kind !== 'text').map(mediaPart);
  const said = text === '' ? [] : [{ type: 'input_text', text }];
  const output = media.length > 0 ? [...said, ...media] : text;
  return { type: 'function_call_output', call_id: names.id(id), output };
}

function mediaPart(part: Media): JsonObject {
  switch (part.kind) {
    case 'text':
      return { type: 'input_text', text: part.text };
    case 'picture':
      return { type: 'input_image', image_url: addressOf(part.source), detail: 'auto' };
    case 'document':
      if (part.source.from === 'url') return { type: 'input_file', file_url: part.source.url };
      return {
        type: 'input_file',
        filename: part.name ?? 'document.pdf',
        file_data: addressOf(part.source),
      };
  }
}

const addressOf = (source: Source): string =>
  source.from === 'url' ? source.url : `data:${source.mediaType};base64,${source.data}`;
