/** How a field's value is written, by the last three bits of its tag. */
const NUMBER = 0;
const EIGHT_BYTES = 1;
const BYTES = 2;
const FOUR_BYTES = 5;

/** Seven bits each: what a double takes without loss. */
const SEVEN_BYTES = 7;

/** Steps through the fields of one message of the protocol, or of a part of it, without copying anything. */
export class MessageReader {
  /** Of the field under way. */
  field = 0;
  /** Its content, where it has a length: from `start` to before `end`. */
  start = 0;
  end = 0;
  /** Its value, where it is a number that a double takes without loss. */
  value = 0;
  /** Its value in full, where it is larger. */
  private large = 0n;
  private at = 0;
  private until: number;

  constructor(private buffer: Buffer) {
    this.until = buffer.length;
  }

  /** False after the last one. @throws Error for what is no message of the protocol */
  next(): boolean {
    if (this.at >= this.until) return false;
    this.varint();
    const kind = this.value & 7;
    this.field = this.value >>> 3;
    if (kind === BYTES) {
      this.varint();
      this.start = this.at;
      this.at = this.end = this.start + this.value;
    } else if (kind === NUMBER) this.varint();
    else if (kind === EIGHT_BYTES) this.at += 8;
    else if (kind === FOUR_BYTES) this.at += 4;
    else throw new Error('an answer of the event store cannot be read');
    if (this.at > this.until) throw new Error('an answer of the event store ends too early');
    return true;
  }

  get bigint(): bigint {
    return this.large === 0n ? BigInt(this.value) : this.large;
  }

  text(): string {
    return this.buffer.toString('utf8', this.start, this.end);
  }

  /**
   * The fields of this field.
   * @param reader that is used for it, in place of a new one
   */
  inner(reader = new MessageReader(this.buffer)): MessageReader {
    reader.buffer = this.buffer;
    reader.at = this.start;
    reader.until = this.end;
    return reader;
  }

  private varint(): void {
    let value = 0;
    let factor = 1;
    this.large = 0n;
    for (let read = 0; read < SEVEN_BYTES; read++) {
      const byte = this.buffer[this.at++] ?? 0;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) {
        this.value = value;
        return;
      }
      factor *= 0x80;
    }
    this.long(BigInt(value));
  }

  private long(low: bigint): void {
    let value = low;
    for (let shift = 49n; shift < 70n; shift += 7n) {
      const byte = this.buffer[this.at++] ?? 0;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    this.large = value;
    this.value = Number(value);
  }
}
