/** Object identifiers of PostgreSQL's types, which never change. */
const ELEMENT = { text: 25, int8: 20, uuid: 2950, json: 114, bytea: 17 } as const;

const HEADER_BYTES = 20;
/** Of a UTF-16 unit in UTF-8, at most. */
const MOST_BYTES = 3;

/** A list of texts, or of JSON texts, as the server takes it without reading letter by letter: a parameter of type text[] or json[]. */
export function textArray(values: readonly string[], element: 'text' | 'json' = 'text'): Buffer {
  const most = values.reduce((sum, value) => sum + 4 + MOST_BYTES * value.length, HEADER_BYTES);
  const array = begin(element, values.length, most);
  let at = HEADER_BYTES;
  for (const value of values) {
    const bytes = array.write(value, at + 4, 'utf8');
    array.writeInt32BE(bytes, at);
    at += 4 + bytes;
  }
  return array.subarray(0, at);
}

/** A parameter of type bytea[]. */
export function bytesArray(values: readonly Uint8Array[]): Buffer {
  const most = values.reduce((sum, { length }) => sum + 4 + length, HEADER_BYTES);
  const array = begin('bytea', values.length, most);
  let at = HEADER_BYTES;
  for (const value of values) {
    array.writeInt32BE(value.length, at);
    array.set(value, at + 4);
    at += 4 + value.length;
  }
  return array;
}

/** A parameter of type int8[]. */
export function bigintArray(values: readonly bigint[]): Buffer {
  const array = begin('int8', values.length, HEADER_BYTES + 12 * values.length);
  let at = HEADER_BYTES;
  for (const value of values) {
    array.writeInt32BE(8, at);
    array.writeBigInt64BE(value, at + 4);
    at += 12;
  }
  return array;
}

/** A parameter of type uuid[]. The values must be UUIDs. */
export function uuidArray(values: readonly string[]): Buffer {
  const array = begin('uuid', values.length, HEADER_BYTES + 20 * values.length);
  let at = HEADER_BYTES;
  for (const value of values) {
    array.writeInt32BE(16, at);
    array.write(value.replaceAll('-', ''), at + 4, 'hex');
    at += 20;
  }
  return array;
}

/** One dimension, no element null, counted from 1. */
function begin(element: keyof typeof ELEMENT, length: number, bytes: number): Buffer {
  const array = Buffer.allocUnsafe(bytes);
  array.writeInt32BE(1, 0);
  array.writeInt32BE(0, 4);
  array.writeInt32BE(ELEMENT[element], 8);
  array.writeInt32BE(length, 12);
  array.writeInt32BE(1, 16);
  return array;
}
