/** Bytes that are no zstd. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
}

/** Reads bits from the first byte on, the lowest of each byte first. */
export class ForwardBits {
  private at = 0;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly start: number,
  ) {}

  /** At most 16 at once. */
  read(count: number): number {
    const byte = this.start + (this.at >> 3);
    if (byte + (((this.at & 7) + count + 7) >> 3) > this.bytes.length)
      throw new Malformed('bits are missing');
    const { bytes } = this;
    const word = (bytes[byte] ?? 0) | ((bytes[byte + 1] ?? 0) << 8) | ((bytes[byte + 2] ?? 0) << 16);
    const value = (word >>> (this.at & 7)) & ((1 << count) - 1);
    this.at += count;
    return value;
  }

  unread(count: number): void {
    this.at -= count;
  }

  /** Whole bytes that were read from. */
  get bytesRead(): number {
    return (this.at + 7) >> 3;
  }
}

/** Reads bits from the last byte on, the highest of each byte first; the highest bit that is set only marks the beginning. */
export class BackwardBits {
  /** Bits that are left; below 0 where more were read than there are, which are zeros. */
  left: number;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly start: number,
    end: number,
  ) {
    const last = end > start ? (bytes[end - 1] as number) : 0;
    if (last === 0) throw new Malformed('a stream of bits has no beginning');
    this.left = (end - start) * 8 - 1 - Math.clz32(last) + 24;
  }

  /** The next ones, at most 24, without going on. */
  peek(count: number): number {
    const low = this.left - count;
    if (low < 0) return this.left <= 0 ? 0 : (this.word(0) & ((1 << this.left) - 1)) << -low;
    return (this.word(low >> 3) >>> (low & 7)) & ((1 << count) - 1);
  }

  /** At most 31. */
  read(count: number): number {
    if (count > 16) {
      const high = this.read(count - 16);
      return high * 65_536 + this.read(16);
    }
    const value = this.peek(count);
    this.left -= count;
    return value;
  }

  private word(offset: number): number {
    const { bytes } = this;
    const at = this.start + offset;
    return (
      (bytes[at] ?? 0) |
      ((bytes[at + 1] ?? 0) << 8) |
      ((bytes[at + 2] ?? 0) << 16) |
      ((bytes[at + 3] ?? 0) << 24)
    );
  }
}

/** The place of the highest bit that is set, of a positive number. */
export const highestBit = (value: number): number => 31 - Math.clz32(value);
