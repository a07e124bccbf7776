import { Readable } from 'node:stream';
import type { FormPart } from './form-scanner.js';
import type { StoredUpload } from './upload-store.js';

export interface FormField {
  readonly name: string;
  readonly value: string;
}

/** A part as it goes on: a stretch of the upload, or bytes in its place. */
interface Entry {
  readonly name: string;
  readonly bytes: Buffer | { readonly start: number; readonly end: number };
}

/** What the client sent. */
interface Origin {
  /** As it came, boundary included. */
  readonly contentType: string;
  readonly boundary: string;
  readonly upload: StoredUpload;
  readonly parts: readonly FormPart[];
  /** Where the closing boundary stands, and the whole length. */
  readonly closingAt: number;
  readonly length: number;
}

/** A client's form, whole and stored: its parts, and its bytes to be sent on, with other fields where they must be. Never changed. */
export class Form {
  private constructor(
    private readonly origin: Origin,
    private readonly entries: readonly Entry[],
  ) {}

  static of(origin: Origin): Form {
    const entries = origin.parts.map(({ name, start, end }) => ({ name, bytes: { start, end } }));
    return new Form(origin, entries);
  }

  get contentType(): string {
    return this.origin.contentType;
  }

  /** As the client sent them. */
  get parts(): readonly FormPart[] {
    return this.origin.parts;
  }

  /** Length of what is sent on. */
  get length(): number {
    const { closingAt, length } = this.origin;
    return this.entries.reduce((sum, { bytes }) => sum + lengthOf(bytes), length - closingAt);
  }

  has(name: string): boolean {
    return this.entries.some((entry) => keyOf(entry.name) === keyOf(name));
  }

  /**
   * With these fields in the place of those of their names, or before all others, and without those that `drop` names. A name counts
   * whatever its case is, and with or without `[]`. The same form where nothing changes.
   */
  with(fields: readonly FormField[], drop: readonly string[] = []): Form {
    if (fields.length + drop.length === 0) return this;
    const dropped = new Set(drop.map(keyOf));
    const added = new Map<string, Entry[]>();
    for (const { name, value } of fields) {
      const entry = { name, bytes: this.written(name, value) };
      added.set(keyOf(name), [...(added.get(keyOf(name)) ?? []), entry]);
    }
    const changed = new Set(added.keys());
    const entries = this.entries.flatMap((entry) => {
      const key = keyOf(entry.name);
      if (!changed.has(key)) return dropped.has(key) ? [] : [entry];
      const inPlace = added.get(key) ?? [];
      added.delete(key);
      return inPlace;
    });
    return new Form(this.origin, [...[...added.values()].flat(), ...entries]);
  }

  /** The bytes, once more from their beginning. */
  open(): Readable {
    return Readable.from(this.read(), { objectMode: false });
  }

  private written(name: string, value: string): Buffer {
    const escaped = name.replace(/[\r\n"]/g, (character) => encodeURIComponent(character));
    const head = `--${this.origin.boundary}\r\nContent-Disposition: form-data; name="${escaped}"\r\n\r\n`;
    return Buffer.from(`${head}${value}\r\n`);
  }

  private async *read(): AsyncGenerator<Buffer> {
    const { upload, closingAt, length } = this.origin;
    for (const { bytes } of this.entries) {
      if (Buffer.isBuffer(bytes)) yield bytes;
      else yield* upload.read(bytes.start, bytes.end);
    }
    yield* upload.read(closingAt, length);
  }
}

const lengthOf = (bytes: Entry['bytes']): number =>
  Buffer.isBuffer(bytes) ? bytes.length : bytes.end - bytes.start;

const keyOf = (name: string): string => name.toLowerCase().replace(/\[\]$/, '');
