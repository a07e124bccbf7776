import { looksSealed } from '../domain/stored/person-text.js';
import type { OpenTexts } from './personal-data-vault.js';

/** A text as it was written; '' where its person was erased. */
export async function openedText(open: OpenTexts, text: string): Promise<string> {
  return looksSealed(text) ? ((await open([text])).get(text) ?? text) : text;
}

/** The same value with every sealed text in it opened, however deep in lists and plain objects it is. */
export async function opened<Value>(open: OpenTexts, value: Value): Promise<Value> {
  const found = new Set<string>();
  collect(value, found);
  if (found.size === 0) return value;
  const texts = await open([...found]);
  return replaced(value, texts) as Value;
}

const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' &&
  value !== null &&
  [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null);

function collect(value: unknown, found: Set<string>): void {
  if (looksSealed(value)) found.add(value);
  else if (Array.isArray(value)) for (const item of value) collect(item, found);
  else if (isPlain(value)) for (const member of Object.values(value)) collect(member, found);
}

function replaced(value: unknown, texts: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return texts.get(value) ?? value;
  if (Array.isArray(value)) return value.map((item) => replaced(item, texts));
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, replaced(member, texts)]));
}
