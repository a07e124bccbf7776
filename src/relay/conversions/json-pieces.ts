/** JSON text in pieces: put together, that of a large body would need memory of its own, which costs more than writing it. */
export type JsonPieces = readonly string[];

/** An object's, as JSON.stringify has it: `{`, its members, of which lists are cut into their elements, and `}`. */
export function piecesOf(object: Readonly<Record<string, unknown>>): JsonPieces {
  const pieces = ['{'];
  for (const [name, value] of Object.entries(object)) {
    const before = `${pieces.length === 1 ? '' : ','}${JSON.stringify(name)}:`;
    if (Array.isArray(value)) pushList(pieces, before, value);
    else if (value !== undefined) pieces.push(before + JSON.stringify(value));
  }
  pieces.push('}');
  return pieces;
}

function pushList(pieces: string[], before: string, list: readonly unknown[]): void {
  pieces.push(`${before}[`);
  for (const [place, element] of list.entries())
    pieces.push((place === 0 ? '' : ',') + (JSON.stringify(element) ?? 'null'));
  pieces.push(']');
}

/** Of so many characters, putting them together costs less than asking each piece for its length. */
const FEW_CHARACTERS = 16 * 1024;

export function bytesOf(pieces: JsonPieces): Buffer {
  if (pieces.reduce((sum, { length }) => sum + length, 0) <= FEW_CHARACTERS)
    return Buffer.from(pieces.join(''));
  const lengths = pieces.map((piece) => Buffer.byteLength(piece));
  const bytes = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) at += bytes.write(piece, at);
  return bytes;
}
