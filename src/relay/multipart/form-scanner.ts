import { type PartHead, readPartHead } from './part-head.js';

/** One part, as byte offsets into the body. */
export interface FormPart extends PartHead {
  /** Of the boundary before it. */
  readonly start: number;
  readonly contentStart: number;
  readonly contentEnd: number;
  /** Behind its content's line end, where the next boundary begins. */
  readonly end: number;
  /** All of a field; of a file its first bytes. */
  readonly content: Buffer;
}

const MAX_PARTS = 128;
const MAX_HEAD_BYTES = 8 * 1024;
/** Of all fields together: files are not kept. */
const MAX_FIELD_BYTES = 1024 * 1024;
const MAX_EPILOGUE_BYTES = 64;
/** What is kept of a file: the headers of a sound file without compression. */
const FILE_HEAD_BYTES = 64;

const LINE_END = Buffer.from('\r\n');
const HEAD_END = Buffer.from('\r\n\r\n');
const DASHES = Buffer.from('--');
const NOTHING = Buffer.alloc(0);

type State = 'first-boundary' | 'boundary' | 'head' | 'content' | 'epilogue';

/** The body is no form, or not one that everybody reads alike; `message` is for the client. */
export class MalformedForm extends Error {
  override readonly name = 'MalformedForm';
}

/**
 * Finds the parts of a multipart form in bytes as they come, and where each stands, so that a field can be changed and all else goes on as
 * it came; parsers that hand on streams of parts do not say where they were. Stricter than they are: the boundary must not stand anywhere
 * but between parts, so that no upstream can find other parts than these.
 */
export class FormScanner {
  readonly parts: FormPart[] = [];
  private readonly boundary: Buffer;
  private state: State = 'first-boundary';
  /** What has not been taken yet, and where it begins. */
  private bytes: Buffer = NOTHING;
  private offset = 0;
  private boundaryAt = 0;
  private open: { readonly head: PartHead; readonly contentStart: number } | undefined;
  private kept: Buffer[] = [];
  private keptBytes = 0;
  private fieldBytes = 0;

  constructor(boundary: string) {
    this.boundary = Buffer.from(`--${boundary}`, 'latin1');
  }

  /** @throws MalformedForm */
  push(chunk: Buffer): void {
    this.bytes = this.bytes.length > 0 ? Buffer.concat([this.bytes, chunk]) : chunk;
    while (this.step());
  }

  /** Where the closing boundary stands: fields can be put there. @throws MalformedForm where the last part is not whole */
  end(): number {
    if (this.state !== 'epilogue') throw new MalformedForm('The form ends before its closing boundary.');
    return this.boundaryAt;
  }

  /** True while more can be made of what is there. */
  private step(): boolean {
    switch (this.state) {
      case 'first-boundary':
        return this.firstBoundary();
      case 'content':
        return this.content();
      case 'boundary':
        return this.behindBoundary();
      case 'head':
        return this.head();
      case 'epilogue':
        return this.epilogue();
    }
  }

  private firstBoundary(): boolean {
    if (this.bytes.length < this.boundary.length) return false;
    if (!this.bytes.subarray(0, this.boundary.length).equals(this.boundary))
      throw new MalformedForm('The form does not begin with its boundary.');
    this.take(this.boundary.length);
    this.state = 'boundary';
    return true;
  }

  private behindBoundary(): boolean {
    if (this.bytes.length < LINE_END.length) return false;
    const next = this.bytes.subarray(0, LINE_END.length);
    const last = next.equals(DASHES);
    if (!last && !next.equals(LINE_END)) throw new MalformedForm('A boundary of the form is malformed.');
    if (this.parts.length >= MAX_PARTS && !last)
      throw new MalformedForm(`The form has more than ${MAX_PARTS} parts.`);
    this.take(LINE_END.length);
    this.state = last ? 'epilogue' : 'head';
    return true;
  }

  private head(): boolean {
    const end = this.bytes.indexOf(HEAD_END);
    if (end > MAX_HEAD_BYTES || (end === -1 && this.bytes.length > MAX_HEAD_BYTES))
      throw new MalformedForm('The headers of a part are too long.');
    if (end === -1) return false;
    const bytes = this.bytes.subarray(0, end);
    const head = bytes.includes(this.boundary) ? undefined : readPartHead(bytes.toString('utf8'));
    if (!head) throw new MalformedForm('The headers of a part are malformed.');
    this.take(end + HEAD_END.length);
    this.open = { head, contentStart: this.offset };
    this.state = 'content';
    return true;
  }

  private content(): boolean {
    const { head, contentStart } = this.open as NonNullable<typeof this.open>;
    const at = this.bytes.indexOf(this.boundary);
    if (at === -1) {
      // The line end before a boundary, and the most of one that may have come, belong to what comes.
      const sure = this.bytes.length - (LINE_END.length + this.boundary.length - 1);
      if (sure > 0) this.keep(head, this.bytes.subarray(0, sure));
      this.take(Math.max(0, sure));
      return false;
    }
    const length = at - LINE_END.length;
    if (length < 0 || !this.bytes.subarray(length, at).equals(LINE_END))
      throw new MalformedForm('The boundary of the form stands within a part.');
    this.keep(head, this.bytes.subarray(0, length));
    this.take(at);
    this.parts.push({
      ...head,
      start: this.boundaryAt,
      contentStart,
      contentEnd: this.offset - LINE_END.length,
      end: this.offset,
      content: Buffer.concat(this.kept),
    });
    this.boundaryAt = this.offset;
    this.kept = [];
    this.keptBytes = 0;
    this.take(this.boundary.length);
    this.state = 'boundary';
    return true;
  }

  private epilogue(): boolean {
    if (this.bytes.length > MAX_EPILOGUE_BYTES || this.bytes.some((byte) => byte !== 0x0d && byte !== 0x0a))
      throw new MalformedForm('Something stands behind the end of the form.');
    return false;
  }

  private keep({ isFile }: PartHead, bytes: Buffer): void {
    const kept = isFile ? bytes.subarray(0, FILE_HEAD_BYTES - this.keptBytes) : bytes;
    if (kept.length === 0) return;
    if (!isFile) this.fieldBytes += kept.length;
    if (this.fieldBytes > MAX_FIELD_BYTES)
      throw new MalformedForm(`The fields of the form have more than ${MAX_FIELD_BYTES} bytes.`);
    // Copied: a view would keep all of the chunk.
    this.kept.push(Buffer.from(kept));
    this.keptBytes += kept.length;
  }

  private take(bytes: number): void {
    this.bytes = this.bytes.subarray(bytes);
    this.offset += bytes;
  }
}
