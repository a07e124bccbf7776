const STRING = 24;
const PLACE = 8;
const OBJECT = 32;
const BUFFER = 96;

/** What a value keeps in memory, about: all that can be reached from it but what functions hold. */
export function sizeOf(root: unknown): number {
  const seen = new Set<object>();
  const waiting: unknown[] = [root];
  let bytes = 0;
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value === 'string') bytes += STRING + value.length * (/[\u0100-\uffff]/.test(value) ? 2 : 1);
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    bytes += OBJECT;
    if (ArrayBuffer.isView(value)) bytes += BUFFER + value.byteLength;
    else {
      const held = heldBy(value);
      bytes += PLACE * held.length;
      for (const each of held) waiting.push(each);
    }
  }
  return bytes;
}

function heldBy(value: object): unknown[] {
  if (value instanceof Map) return [...value].flat();
  return value instanceof Set ? [...value] : Object.values(value);
}
