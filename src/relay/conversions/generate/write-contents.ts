import type { JsonObject } from '../../dialects/json/read.js';
import { needsProofs, UNPROVEN } from '../../dialects/gemini/generate/own-thoughts.js';
import { objectAt } from '../../dialects/json/read.js';
import type { CallPart, DocumentPart, Part, PicturePart, ResultPart, Source, Turn } from '../canonical.js';
import type { Writing } from '../codec.js';
import { unsealed } from '../envelope.js';
import { reminder } from '../turns.js';

interface Content {
  readonly role: 'user' | 'model';
  readonly parts: JsonObject[];
}

/** The conversation as contents; instructions amid it are said by the user, and neighbours of one role are one content. @throws Inconvertible */
export function writeContents(turns: readonly Turn[], writing: Writing): JsonObject[] {
  const contents: Content[] = [];
  const called = new Map<string, string>();
  const mustProve = needsProofs(writing.model);
  for (const turn of turns) {
    const role = turn.role === 'assistant' ? 'model' : 'user';
    const parts = partsOf(turn, called, mustProve, writing);
    if (parts.length === 0) continue;
    const before = contents.at(-1);
    if (before?.role === role) before.parts.push(...parts);
    else contents.push({ role, parts });
  }
  return contents.map(({ role, parts }) => ({ role, parts }));
}

function partsOf(
  turn: Turn,
  called: Map<string, string>,
  mustProve: boolean,
  writing: Writing,
): JsonObject[] {
  if (turn.role === 'system') return [{ text: reminder(turn, writing.losses) }];
  if (turn.role === 'assistant') return modelParts(turn.parts, called, mustProve, writing);
  const parts = inOrderOfCalls(turn.parts, called);
  const results = parts.filter((part) => part.kind === 'result');
  return [
    ...results.map((result) => resultPart(result, called, writing)),
    // Nothing stands between results.
    ...results.flatMap((result) => mediaOf(result, writing)),
    ...parts.flatMap((part) => userParts(part, writing)),
  ];
}

/** Results know their call by its name, and by its place among those of one name. */
function inOrderOfCalls(parts: readonly Part[], called: ReadonlyMap<string, string>): readonly Part[] {
  const order = [...called.keys()];
  const placeOf = (part: Part) => (part.kind === 'result' ? order.lastIndexOf(part.id) : order.length);
  return parts.toSorted((a, b) => placeOf(a) - placeOf(b));
}

/**
 * A proof stands in the part that it is of: the call that comes before the next thought, else the text that comes next. The first call of a turn
 * must have one before models that check it.
 */
function modelParts(
  parts: readonly Part[],
  called: Map<string, string>,
  mustProve: boolean,
  { names, losses, seal }: Writing,
): JsonObject[] {
  const written: JsonObject[] = [];
  let proof: string | undefined;
  let calls = 0;
  const proven = (part: JsonObject): JsonObject => {
    const own = proof;
    proof = undefined;
    return own === undefined ? part : { ...part, thoughtSignature: own };
  };
  for (const [place, part] of parts.entries()) {
    if (part.kind === 'thought') {
      const payload = unsealed(part.signature, seal);
      if (payload) proof = payload;
      else if (payload === undefined) losses.tell('thinking_signature');
    } else if (part.kind === 'call') {
      if (calls++ === 0 && mustProve && proof === undefined) {
        proof = UNPROVEN;
        losses.tell('thought_signature');
      }
      called.delete(part.id);
      called.set(part.id, part.name);
      written.push(proven({ functionCall: { name: names.tool(part.name), args: argumentsOf(part) } }));
    } else if (part.kind === 'text')
      written.push(isOfCall(parts, place) ? { text: part.text } : proven({ text: part.text }));
  }
  if (proof !== undefined) written.push(proven({ text: '' }));
  return written;
}

const isOfCall = (parts: readonly Part[], text: number): boolean =>
  parts.slice(text).find(({ kind }) => kind === 'call' || kind === 'thought')?.kind === 'call';

const argumentsOf = ({ input }: CallPart): unknown => JSON.parse(input);

function userParts(part: Part, writing: Writing): JsonObject[] {
  if (part.kind === 'text') return [{ text: part.text }];
  return part.kind === 'picture' || part.kind === 'document' ? [mediaPart(part, writing)] : [];
}

/** A result names its call; one of no call is a text. */
function resultPart(
  { id, parts, failed }: ResultPart,
  called: ReadonlyMap<string, string>,
  { losses, names }: Writing,
): JsonObject {
  const text = parts.flatMap((part) => (part.kind === 'text' ? [part.text] : [])).join('\n');
  const name = called.get(id);
  if (name === undefined) {
    losses.tell('tool_result');
    return { text };
  }
  const response = failed ? { error: text } : (objectIn(text) ?? { output: text });
  return { functionResponse: { name: names.tool(name), response } };
}

function mediaOf({ parts }: ResultPart, writing: Writing): JsonObject[] {
  const media = parts.flatMap((part) => (part.kind === 'text' ? [] : [mediaPart(part, writing)]));
  if (media.length > 0) writing.losses.tell('pictures');
  return media;
}

function objectIn(text: string): JsonObject | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return objectAt(JSON.parse(text));
  } catch {
    return undefined;
  }
}

const TYPES: Readonly<Record<string, string>> = {
  png: 'image/png',
  webp: 'image/webp',
  gif: 'image/gif',
  pdf: 'application/pdf',
  txt: 'text/plain',
};

function mediaPart({ kind, source }: PicturePart | DocumentPart, { losses }: Writing): JsonObject {
  if (source.from === 'data') return { inlineData: { mimeType: source.mediaType, data: source.data } };
  if (!/^(https|gs):/i.test(source.url)) losses.tell('address', 'contents');
  return { fileData: { mimeType: typeOf(source, kind), fileUri: source.url } };
}

/** By how its address ends; nothing is fetched to look. */
function typeOf({ url }: Extract<Source, { from: 'url' }>, kind: 'picture' | 'document'): string {
  const [, ending = ''] = /\.([a-z]{3,4})(?:[?#]|$)/i.exec(url) ?? [];
  return TYPES[ending.toLowerCase()] ?? (kind === 'picture' ? 'image/jpeg' : 'application/pdf');
}
