import { estimateTextTokens } from './estimate-text.js';
import { BUFFER_BYTES, bytesOfText, KeptText } from './kept-text.js';

/**
 * `mediaTokens`: what came with the text and is none; absent: nothing. `part`: of which choice or item of the answer the text is a piece; each
 * is counted by itself.
 */
export type NoteWritten = (text: string, mediaTokens?: number, part?: unknown) => void;

/** Pieces waiting to be read; above it they are read at once, so that a long stream does not keep its bytes. */
const MAX_UNREAD_BYTES = 256 * 1024;
/** Text kept for counting, in memory; what exceeds it is estimated. */
const MAX_TEXT_BYTES = 1024 * 1024;
/** More are no choices or items of an answer: what they have is counted together. */
const MOST_PARTS = 1_024;
const LONGEST_PART = 64;

/**
 * What has been delivered of a stream, for the case that upstream reports no usage. Pieces are kept unread while the stream runs
 * well; they are read when somebody asks, or when they grow too many.
 */
export class DeliveredText {
  private unread: Buffer[] = [];
  private unreadBytes = 0;
  /** By parts of the answer. */
  private readonly texts = new Map<unknown, KeptText>();
  private textBytes = 0;
  private estimatedBeyond = 0;
  private estimated = 0;

  /** `readTexts` hands on the text in a piece of an answer, and what is no text as tokens. */
  constructor(private readonly readTexts: (passed: Buffer, note: NoteWritten) => void) {}

  add(passed: Buffer): void {
    this.unread.push(passed);
    this.unreadBytes += passed.length + BUFFER_BYTES;
    if (this.unreadBytes > MAX_UNREAD_BYTES) this.read();
  }

  /** Tokens delivered so far, estimated: for heartbeats. */
  get estimatedTokens(): number {
    this.read();
    return this.estimated;
  }

  /** The texts to count, and the tokens of what was too long to keep, or is no text. */
  take(): { readonly texts: readonly string[]; readonly estimatedBeyond: number } {
    this.read();
    return { texts: [...this.texts.values()].map(({ text }) => text), estimatedBeyond: this.estimatedBeyond };
  }

  private read(): void {
    const chunks = this.unread;
    this.unread = [];
    this.unreadBytes = 0;
    for (const chunk of chunks) this.readTexts(chunk, (text, media, part) => this.note(text, media, part));
  }

  private note(text: string, mediaTokens = 0, part: unknown = undefined): void {
    this.estimated += mediaTokens;
    this.estimatedBeyond += mediaTokens;
    if (text === '') return;
    const tokens = estimateTextTokens(text);
    this.estimated += tokens;
    const bytes = bytesOfText(text);
    if (this.textBytes + bytes > MAX_TEXT_BYTES) {
      this.estimatedBeyond += tokens;
      return;
    }
    const kept = this.keptOf(part);
    this.textBytes -= kept.bytes;
    kept.add(text, bytes);
    this.textBytes += kept.bytes;
  }

  private keptOf(part: unknown): KeptText {
    const isPart = typeof part === 'number' || (typeof part === 'string' && part.length <= LONGEST_PART);
    const of = isPart && (this.texts.has(part) || this.texts.size < MOST_PARTS) ? part : undefined;
    const kept = this.texts.get(of) ?? new KeptText();
    this.texts.set(of, kept);
    return kept;
  }
}
