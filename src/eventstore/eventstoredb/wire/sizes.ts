/** Bytes of a number as the protocol writes it: seven bits a byte. */
export function sizeOfNumber(value: number | bigint): number {
  if (typeof value === 'bigint') return value < SAFE ? sizeOfNumber(Number(value)) : sizeOfLarge(value);
  let size = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) size += 1;
  return size;
}

/** Bytes of a field that says its own length: tag, length and content. All our fields have numbers below 16. */
export const sizeOfField = (contentBytes: number): number => 1 + sizeOfNumber(contentBytes) + contentBytes;

const SAFE = BigInt(Number.MAX_SAFE_INTEGER);

function sizeOfLarge(value: bigint): number {
  let size = 1;
  for (let rest = BigInt.asUintN(64, value); rest >= 0x80n; rest >>= 7n) size += 1;
  return size;
}
