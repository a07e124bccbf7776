import { CLOSE_BRACE, CLOSE_BRACKET, COLON, COMMA, OPEN_BRACE, OPEN_BRACKET, QUOTE, SPACE } from './bytes.js';
import { endOfString } from './strings.js';

/** One member of a JSON object’s top level, as byte offsets: the name’s opening quote, and the value’s first byte and end. */
export interface JsonMember {
  readonly name: string;
  readonly nameStart: number;
  readonly valueStart: number;
  readonly valueEnd: number;
  /** How many names of members stand in the value, at every level, those that stand there twice included. */
  readonly namesInside: number;
}

export interface JsonEdit {
  readonly name: string;
  /** The new value as JSON text. */
  readonly json: string;
  /** What the member is called from then on, where it is there. */
  readonly renamed?: string;
}

/**
 * The members of a JSON object in order, duplicates included, without looking into their values. Linear, not recursive.
 * The text must already have passed JSON.parse and be an object; offsets of anything else mean nothing.
 */
export function topLevelMembers(json: Buffer): JsonMember[] {
  const members: JsonMember[] = [];
  let at = skipSpace(json, skipSpace(json, 0) + 1);
  while (at < json.length && json[at] !== CLOSE_BRACE) {
    if (json[at] === COMMA) at = skipSpace(json, at + 1);
    const nameStart = at;
    const nameEnd = endOfString(json, at);
    const valueStart = skipSpace(json, skipSpace(json, nameEnd) + 1);
    const inside = { names: 0 };
    const valueEnd = endOfValue(json, valueStart, inside);
    const name = nameOf(json, nameStart, nameEnd);
    members.push({ name, nameStart, valueStart, valueEnd, namesInside: inside.names });
    at = skipSpace(json, valueEnd);
  }
  return members;
}

/**
 * The same JSON (the same bytes, where there are no edits) with some top-level members set, every other byte as it was: values are replaced where they stand, new members go
 * first. `members` are those of topLevelMembers, with no name twice among the edited ones.
 */
export function setMembers(json: Buffer, members: readonly JsonMember[], edits: readonly JsonEdit[]): Buffer {
  if (edits.length === 0) return json;
  const replaced: { from: number; to: number; text: string }[] = [];
  let added = '';
  for (const { name, json: text, renamed } of edits) {
    const member = members.find((candidate) => candidate.name === name);
    if (member && renamed !== undefined)
      replaced.push({
        from: member.nameStart,
        to: member.valueEnd,
        text: `${JSON.stringify(renamed)}:${text}`,
      });
    else if (member) replaced.push({ from: member.valueStart, to: member.valueEnd, text });
    else added += `${JSON.stringify(name)}:${text},`;
  }
  if (added) {
    const afterBrace = skipSpace(json, 0) + 1;
    replaced.push({
      from: afterBrace,
      to: afterBrace,
      text: members.length > 0 ? added : added.slice(0, -1),
    });
  }
  replaced.sort((a, b) => a.from - b.from);
  const parts: Buffer[] = [];
  let copied = 0;
  for (const { from, to, text } of replaced) {
    parts.push(json.subarray(copied, from), Buffer.from(text));
    copied = to;
  }
  parts.push(json.subarray(copied));
  return Buffer.concat(parts);
}

/** The first elements of the array that begins at `from`, as byte offsets; none where something else begins there. */
export function arrayElements(
  json: Buffer,
  from: number,
  most: number,
): { readonly start: number; readonly end: number }[] {
  const elements: { start: number; end: number }[] = [];
  if (json[from] !== OPEN_BRACKET) return elements;
  let at = skipSpace(json, from + 1);
  while (elements.length < most && at < json.length && json[at] !== CLOSE_BRACKET) {
    const end = endOfValue(json, at);
    elements.push({ start: at, end });
    at = skipSpace(json, end);
    if (json[at] === COMMA) at = skipSpace(json, at + 1);
  }
  return elements;
}

/** The same count of what was parsed, in which every name stands once. */
export function namesIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let names = 0;
  if (Array.isArray(value)) {
    for (const each of value) if (typeof each === 'object') names += namesIn(each);
    return names;
  }
  // What was parsed inherits nothing that would be listed.
  for (const name in value) {
    const each: unknown = value[name as keyof typeof value];
    names += typeof each === 'object' ? 1 + namesIn(each) : 1;
  }
  return names;
}

function skipSpace(json: Buffer, from: number): number {
  let at = from;
  while (at < json.length && (json[at] as number) <= SPACE) at++;
  return at;
}

/** Counts the names on its way. */
function endOfValue(json: Buffer, from: number, inside = { names: 0 }): number {
  const first = json[from];
  if (first === QUOTE) return endOfString(json, from);
  if (first === OPEN_BRACE || first === OPEN_BRACKET) return endOfContainer(json, from, inside);
  let at = from;
  while (at < json.length) {
    const byte = json[at] as number;
    if (byte === COMMA || byte === CLOSE_BRACE || byte === CLOSE_BRACKET || byte <= SPACE) break;
    at++;
  }
  return at;
}

function endOfContainer(json: Buffer, from: number, inside: { names: number }): number {
  let depth = 0;
  let at = from;
  while (at < json.length) {
    const byte = json[at];
    if (byte === QUOTE) {
      at = endOfString(json, at);
      if (json[skipSpace(json, at)] === COLON) inside.names++;
      continue;
    }
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth--;
    at++;
    if (depth === 0) break;
  }
  return at;
}

function nameOf(json: Buffer, start: number, end: number): string {
  const text = json.toString('utf8', start, end);
  return text.includes('\\') ? (JSON.parse(text) as string) : text.slice(1, -1);
}
