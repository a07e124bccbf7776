import type {
  CallPart,
  CanonicalRequest,
  DocumentPart,
  PicturePart,
  ResultPart,
  Source,
  TextPart,
  ThoughtPart,
  Turn,
} from '../canonical.js';
import { reminder, withResults } from '../turns.js';
import type { Writing } from '../codec.js';

type Message = Readonly<Record<string, unknown>>;
type Media = TextPart | PicturePart | DocumentPart;

/** The conversation as messages of a chat. @throws Inconvertible */
export function writeMessages({ system, turns }: CanonicalRequest, writing: Writing): Message[] {
  const { losses } = writing;
  const messages: Message[] = [];
  if (system.length > 0) messages.push({ role: 'system', content: system.join('\n\n') });
  const whole = withResults(turns, losses);
  if (whole.at(-1)?.role === 'assistant') losses.tell('prefill');
  for (const turn of whole) {
    if (turn.role === 'assistant') messages.push(assistantMessage(turn, writing));
    else if (turn.role === 'system') messages.push({ role: 'user', content: reminder(turn, losses) });
    else messages.push(...userMessages(turn, writing));
  }
  return messages.filter((message) => Object.keys(message).length > 0);
}

function assistantMessage({ parts }: Turn, { names, losses, quirks }: Writing): Message {
  const text = parts.filter((part): part is TextPart => part.kind === 'text');
  const calls = parts.filter((part): part is CallPart => part.kind === 'call');
  const thoughts = parts.filter((part): part is ThoughtPart => part.kind === 'thought');
  const isShown = quirks.has('reasoning_content');
  if (thoughts.length > 0 && !isShown) losses.tell('thinking');
  if (text.length === 0 && calls.length === 0) return {};
  const thought = thoughts.map((part) => part.text).join('\n');
  return {
    role: 'assistant',
    content: text.length > 0 ? text.map((part) => part.text).join('') : null,
    ...(isShown && thought !== '' && { reasoning_content: thought }),
    ...(calls.length > 0 && {
      tool_calls: calls.map(({ id, name, input }) => ({
        id: names.id(id),
        type: 'function',
        function: { name: names.tool(name), arguments: input },
      })),
    }),
  };
}

/** Results stand directly behind the calls, each as a message of its own; what else the user says comes after them. */
function userMessages({ parts }: Turn, writing: Writing): Message[] {
  const results = parts.filter((part): part is ResultPart => part.kind === 'result');
  const said = parts.filter((part): part is Media => part.kind !== 'result' && isMedia(part));
  const messages = results.map((result) => resultMessage(result, writing));
  const pictures = results.flatMap((result) => picturesOf(result, writing));
  if (pictures.length > 0) messages.push({ role: 'user', content: pictures });
  if (said.length > 0) messages.push({ role: 'user', content: contentOf(said, writing) });
  return messages;
}

const isMedia = ({ kind }: { readonly kind: string }): boolean =>
  kind === 'text' || kind === 'picture' || kind === 'document';

function resultMessage({ id, parts, failed }: ResultPart, { names, losses }: Writing): Message {
  if (failed) losses.tell('is_error');
  const text = parts.flatMap((part) => (part.kind === 'text' ? [part.text] : [])).join('\n');
  return { role: 'tool', tool_call_id: names.id(id), content: failed ? `Error: ${text}` : text };
}

/** Messages of tools have texts alone. */
function picturesOf({ id, parts }: ResultPart, writing: Writing): object[] {
  const media = parts.filter((part): part is PicturePart | DocumentPart => part.kind !== 'text');
  if (media.length === 0) return [];
  writing.losses.tell('pictures');
  const line = { type: 'text', text: `From the result of the call ${writing.names.id(id)}:` };
  return [line, ...media.map((part) => mediaPart(part, writing))];
}

function contentOf(parts: readonly Media[], writing: Writing): unknown {
  if (parts.every((part): part is TextPart => part.kind === 'text') && parts.length === 1)
    return (parts[0] as TextPart).text;
  return parts.map((part) =>
    part.kind === 'text' ? { type: 'text', text: part.text } : mediaPart(part, writing),
  );
}

function mediaPart(part: PicturePart | DocumentPart, { losses, quirks }: Writing): object {
  if (part.kind === 'picture') return { type: 'image_url', image_url: { url: addressOf(part.source) } };
  if (!quirks.has('file_parts') || part.source.from === 'url') losses.tell('document', 'messages');
  return { type: 'file', file: { filename: part.name ?? 'document.pdf', file_data: addressOf(part.source) } };
}

const addressOf = (source: Source): string =>
  source.from === 'url' ? source.url : `data:${source.mediaType};base64,${source.data}`;
