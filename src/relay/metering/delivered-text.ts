import { estimateTextTokens } from './estimate-text.js';

/** Pieces waiting to be read; above it they are read at once, so that a long stream does not keep its bytes. */
const MAX_UNREAD_BYTES = 256 * 1024;
/** Text kept for counting; what exceeds it is estimated. */
const MAX_TEXT_CHARACTERS = 1_000_000;

/**
 * What has been delivered of a stream, for the case that upstream reports no usage. Pieces are kept unread while the stream runs
 * well; they are read when somebody asks, or when they grow too many.
 */
export class DeliveredText {
  private unread: Buffer[] = [];
  private unreadBytes = 0;
  private text = '';
  private estimatedBeyond = 0;
  private estimated = 0;

  /** `readTexts` hands on the text in a piece of an answer. */
  constructor(private readonly readTexts: (passed: Buffer, note: (text: string) => void) => void) {}

  add(passed: Buffer): void {
    this.unread.push(passed);
    this.unreadBytes += passed.length;
    if (this.unreadBytes > MAX_UNREAD_BYTES) this.read();
  }

  /** Tokens delivered so far, estimated: for heartbeats. */
  get estimatedTokens(): number {
    this.read();
    return this.estimated;
  }

  /** The text to count, and the tokens of what was too long to keep. */
  take(): { readonly text: string; readonly estimatedBeyond: number } {
    this.read();
    return { text: this.text, estimatedBeyond: this.estimatedBeyond };
  }

  private read(): void {
    const chunks = this.unread;
    this.unread = [];
    this.unreadBytes = 0;
    for (const chunk of chunks) this.readTexts(chunk, (text) => this.note(text));
  }

  private note(text: string): void {
    if (text === '') return;
    const tokens = estimateTextTokens(text);
    this.estimated += tokens;
    if (this.text.length + text.length <= MAX_TEXT_CHARACTERS) this.text += text;
    else this.estimatedBeyond += tokens;
  }
}
