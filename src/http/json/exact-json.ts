/** A JSON number given as decimal text, so that an amount is printed digit for digit and never passes through a double. */
export class JsonNumber {
  constructor(readonly text: string) {}
}

/**
 * JSON text of a value: as JSON.stringify, and besides `bigint` (an integer), JsonNumber (its digits) and Map (an object in
 * the map's own order, whatever its keys look like).
 */
export function exactJson(value: unknown): string {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof JsonNumber) return value.text;
  if (Array.isArray(value)) return `[${value.map((item) => exactJson(item ?? null)).join(',')}]`;
  if (value instanceof Map) return members([...(value as Map<string, unknown>)]);
  if (typeof value === 'object' && value !== null) return members(Object.entries(value));
  return JSON.stringify(value);
}

function members(entries: readonly (readonly [string, unknown])[]): string {
  const present = entries.filter(([, value]) => value !== undefined);
  return `{${present.map(([name, value]) => `${JSON.stringify(name)}:${exactJson(value)}`).join(',')}}`;
}
