import { objectAt, textIn } from '../../dialects/json/read.js';
import type { DocumentPart, Part, PicturePart, ResultPart, TextPart, Turn } from '../canonical.js';
import type { Losses } from '../losses.js';
import { inputOf, pushTurn, stringAt } from '../reading.js';
import { listOrOne, membersAt } from './json-names.js';
import { prove, readProof } from './proofs.js';

type Media = TextPart | PicturePart | DocumentPart;
type Members = ReturnType<typeof membersAt>;

/** A call of the last turn that had some, which still has no result. */
interface Waiting {
  readonly id: string;
  readonly name: string;
}

/** Kept by Google for whoever uploaded it. */
const STORED = /^(gs:|https:\/\/generativelanguage\.googleapis\.com\/)/;

/** The conversation. @throws Inconvertible */
export function readContents(contents: unknown, losses: Losses): Turn[] {
  const turns: Turn[] = [];
  let waiting: Waiting[] = [];
  for (const [turn, element] of listOrOne(contents).entries()) {
    const { role, parts } = membersAt(element);
    const given = listOrOne(parts).map(membersAt);
    if (role === 'model') {
      const read = modelParts(given, turn, losses);
      const calls = read.flatMap((part) => (part.kind === 'call' ? [{ id: part.id, name: part.name }] : []));
      if (calls.length > 0) waiting = calls;
      pushTurn(turns, 'assistant', read);
    } else
      pushTurn(
        turns,
        'user',
        given.flatMap((part) => userPart(part, waiting, losses)),
      );
  }
  return turns;
}

/** Texts of an instruction, which may be one text, a part or a content. */
export function readInstruction(value: unknown): string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  const { parts, text } = membersAt(value);
  if (parts === undefined) return textIn(text) === undefined ? [] : [text as string];
  return listOrOne(parts).flatMap((part) => textIn(objectAt(part)?.['text']) ?? []);
}

function modelParts(given: readonly Members[], turn: number, losses: Losses): Part[] {
  const parts: Part[] = [];
  let calls = 0;
  for (const part of given) {
    const signature = textIn(part['thoughtSignature']);
    if (part['thought'] === true) {
      const text = stringAt(part['text']) ?? '';
      parts.push({ kind: 'thought', text, signature: signature && readProof(signature) });
      continue;
    }
    if (signature !== undefined) prove(parts, readProof(signature));
    const call = membersAt(part['functionCall']);
    const name = textIn(call['name']);
    if (name === undefined) parts.push(...mediaOf(part, losses));
    else {
      const id = textIn(call['id']) ?? `call_${turn}_${calls}`;
      calls++;
      parts.push({ kind: 'call', id, name, input: inputOf(call['args'], losses) });
    }
  }
  return parts;
}

function userPart(part: Members, waiting: Waiting[], losses: Losses): Part[] {
  if (!objectAt(part['functionResponse'])) return mediaOf(part, losses);
  const response = membersAt(part['functionResponse']);
  return [readResult(response, waiting, losses)];
}

/** A result is of the call with its id, else of the first one of its name that has none. */
function readResult(response: Members, waiting: Waiting[], losses: Losses): ResultPart {
  const name = String(response['name']);
  const given = textIn(response['id']);
  const place = waiting.findIndex((call) => (given === undefined ? call.name === name : call.id === given));
  const [call] = place === -1 ? [] : waiting.splice(place, 1);
  const said = objectAt(response['response']) ?? {};
  const { output, error } = said;
  const failed = error !== undefined && Object.keys(said).length === 1;
  const alone = failed ? error : output !== undefined && Object.keys(said).length === 1 ? output : said;
  const text = typeof alone === 'string' ? alone : JSON.stringify(alone);
  const media = listOrOne(response['parts']).flatMap((each) => mediaOf(membersAt(each), losses));
  const parts: Media[] = [...(text === '' ? [] : [{ kind: 'text' as const, text }]), ...media];
  return { kind: 'result', id: call?.id ?? given ?? name, parts, failed };
}

/** What upstream ran itself has no other place. @throws Inconvertible */
function mediaOf(part: Members, losses: Losses): Media[] {
  const { text, inlineData, fileData, executableCode, codeExecutionResult } = part;
  if (typeof text === 'string') return text === '' ? [] : [{ kind: 'text', text }];
  if (executableCode !== undefined || codeExecutionResult !== undefined) losses.tell('hosted_tools');
  else if (inlineData !== undefined) return inlined(membersAt(inlineData), losses);
  else if (fileData !== undefined) return filed(membersAt(fileData), losses);
  else if (Object.keys(part).some((name) => name !== 'thoughtSignature')) losses.tell('content', 'contents');
  return [];
}

function inlined({ mimeType, data, displayName }: Members, losses: Losses): Media[] {
  const mediaType = stringAt(mimeType) ?? '';
  const source = { from: 'data', mediaType, data: stringAt(data) ?? '' } as const;
  return medium(mediaType, source, stringAt(displayName), losses);
}

function filed({ mimeType, fileUri }: Members, losses: Losses): Media[] {
  const url = stringAt(fileUri) ?? '';
  if (STORED.test(url)) losses.tell('file_id', 'contents');
  return medium(stringAt(mimeType) ?? 'image/jpeg', { from: 'url', url }, undefined, losses);
}

function medium(
  mediaType: string,
  source: PicturePart['source'],
  name: string | undefined,
  losses: Losses,
): Media[] {
  if (/^(audio|video)\//.test(mediaType)) losses.tell('audio', 'contents');
  if (mediaType.startsWith('image/')) return [{ kind: 'picture', source }];
  if (source.from === 'data' && mediaType.startsWith('text/'))
    return [{ kind: 'text', text: Buffer.from(source.data, 'base64').toString('utf8') }];
  return [{ kind: 'document', source, name }];
}
