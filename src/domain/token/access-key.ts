const PREFIX = 'sk-';
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 256 random bits in base 62. */
const RANDOM_DIGITS = 43;
/** A CRC-32 in base 62. */
const CHECK_DIGITS = 6;
const SHAPE = new RegExp(`^${PREFIX}[0-9A-Za-z]{${RANDOM_DIGITS + CHECK_DIGITS}}$`);
/** A key of New API: a character shorter than ours, so that none can be taken for the other. It has no checksum. */
const CARRIED_SHAPE = new RegExp(`^${PREFIX}[0-9A-Za-z]{48}$`);

/** Random bytes an access key is made of. */
export const ACCESS_KEY_BYTES = 32;

/** @param random ACCESS_KEY_BYTES unpredictable bytes. @returns `sk-` and 49 letters and digits, of which the last six are a checksum */
export function formatAccessKey(random: Uint8Array): string {
  if (random.length !== ACCESS_KEY_BYTES)
    throw new RangeError(`an access key takes ${ACCESS_KEY_BYTES} bytes`);
  const value = random.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  const body = base62(value, RANDOM_DIGITS);
  return PREFIX + body + checksum(body);
}

/** Whether a text can be a key that was carried over from a New API. */
export const isCarriedAccessKey = (text: string): boolean => CARRIED_SHAPE.test(text);

/** Whether a text can be an access key at all: a mistyped one of ours is told without asking any store. */
export function isAccessKey(text: string): boolean {
  if (isCarriedAccessKey(text)) return true;
  if (!SHAPE.test(text)) return false;
  const body = text.slice(PREFIX.length, -CHECK_DIGITS);
  return text.slice(-CHECK_DIGITS) === checksum(body);
}

/** `sk-` and the first and last four characters of what follows: `sk-Ab3x...9Zq1`. */
export function maskAccessKey(key: string): string {
  return `${PREFIX}${key.slice(PREFIX.length, PREFIX.length + 4)}...${key.slice(-4)}`;
}

function base62(value: bigint, digits: number): string {
  let text = '';
  for (let rest = value; text.length < digits; rest /= 62n) text = ALPHABET.charAt(Number(rest % 62n)) + text;
  return text;
}

const checksum = (text: string): string => base62(BigInt(crc32(text)), CHECK_DIGITS);

/** CRC-32 (IEEE 802.3) of ASCII text, bit by bit: 43 characters are not worth a table. */
function crc32(text: string): number {
  let crc = 0xffffffff;
  for (let index = 0; index < text.length; index++) {
    crc ^= text.charCodeAt(index);
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
