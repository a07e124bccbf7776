import { type JsonObject, objectAt } from '../dialects/json/read.js';
import type { Effort, Part, Reason, Turn } from './canonical.js';
import { efforts } from './canonical.js';
import type { Losses } from './losses.js';

/** Undefined for whatever is no text; an empty one is one. */
export const stringAt = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;

export const numberAt = (value: unknown): number | undefined =>
  typeof value === 'number' ? value : undefined;

export const effortAt = (value: unknown): Effort | undefined => efforts.find((effort) => effort === value);

/** Text by text, of a content that is one text or a list of parts with texts. */
export function textsOf(content: unknown): string[] {
  if (typeof content === 'string') return content === '' ? [] : [content];
  if (!Array.isArray(content)) return [];
  return content.flatMap((part) => {
    const text = stringAt(objectAt(part)?.['text']);
    return text === undefined || text === '' ? [] : [text];
  });
}

/** The arguments of a call as JSON text of an object. What is none is told. */
export function inputOf(value: unknown, losses: Losses): string {
  if (objectAt(value)) return JSON.stringify(value);
  const text = stringAt(value) ?? '';
  if (text.trim() === '') return '{}';
  if (isObjectText(text)) return text;
  losses.tell('input');
  return JSON.stringify({ _raw: text });
}

function isObjectText(text: string): boolean {
  try {
    return objectAt(JSON.parse(text)) !== undefined;
  } catch {
    return false;
  }
}

/** Tells of every member that is not among those read. */
export function dropOthers(body: JsonObject, read: ReadonlySet<string>, losses: Losses): void {
  for (const [name, value] of Object.entries(body))
    if (!read.has(name) && value !== undefined && value !== null) losses.drop(name);
}

/** A turn without anything in it is none. */
export function pushTurn(turns: Turn[], role: Turn['role'], parts: readonly Part[]): void {
  if (parts.length > 0) turns.push({ role, parts });
}

const DATA_ADDRESS = /^data:([^;,]+)(?:;[^,]*)?;base64,/;

/** A picture's address; `data:` ones are taken apart. */
export function sourceAt(
  url: string,
): { from: 'data'; mediaType: string; data: string } | { from: 'url'; url: string } {
  const head = DATA_ADDRESS.exec(url.slice(0, 200));
  if (!head) return { from: 'url', url };
  const [whole, type = ''] = head;
  return {
    from: 'data',
    mediaType: type === 'image/jpg' ? 'image/jpeg' : type,
    data: url.slice(whole.length),
  };
}

/** What a model must be given for a tool that says nothing of its arguments. */
export function schemaOf(value: unknown): JsonObject {
  const schema: Record<string, unknown> = { ...objectAt(value) };
  delete schema['$schema'];
  return Object.keys(schema).length === 0 ? { type: 'object', properties: {} } : schema;
}

/** Calls are what an answer ends for if there are any, whatever upstream says. */
export const reasonWith = (reason: Reason, calls: number): Reason => {
  if (reason !== 'end' && reason !== 'tools') return reason;
  return calls > 0 ? 'tools' : 'end';
};
