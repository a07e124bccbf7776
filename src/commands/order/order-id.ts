const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const RANDOM_BYTES = 10;
const TIME_DIGITS = 10;
const RANDOM_DIGITS = 16;

export interface NewIdParts {
  readonly now: () => Date;
  readonly randomBytes: (count: number) => Uint8Array;
}

/** `CF` and a ULID: 28 of `[0-9A-Z]`, which every provider takes, in the order of time, and nobody guesses. */
export const newOrderId = (parts: NewIdParts): string => `CF${ulid(parts)}`;
/** `RF` and a ULID: providers know a refund by it, whoever asks for it again. */
export const newRefundId = (parts: NewIdParts): string => `RF${ulid(parts)}`;

function ulid({ now, randomBytes }: NewIdParts): string {
  const random = BigInt(`0x${Buffer.from(randomBytes(RANDOM_BYTES)).toString('hex')}`);
  return `${digits(BigInt(now().getTime()), TIME_DIGITS)}${digits(random, RANDOM_DIGITS)}`;
}

function digits(value: bigint, count: number): string {
  let text = '';
  for (let rest = value; text.length < count; rest /= 32n) text = DIGITS.charAt(Number(rest % 32n)) + text;
  return text;
}
