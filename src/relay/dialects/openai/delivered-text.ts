import { estimateTextTokens } from '../../metering/estimate-text.js';
import { dataOf, endOfNextFrame, payloadOf } from './sse-frames.js';
import { listAt, objectAt } from './usage.js';

/** Raw frames waiting to be read; above it they are read at once, so that a long stream does not keep its bytes. */
const MAX_UNREAD_BYTES = 256 * 1024;
/** Text kept for counting; what exceeds it is estimated. */
const MAX_TEXT_CHARACTERS = 1_000_000;

/**
 * What has been delivered of a stream, for the case that upstream reports no usage. Frames are kept unread while the stream runs
 * well; they are read when somebody asks, or when they grow too many.
 */
export class DeliveredText {
  private unread: Buffer[] = [];
  private unreadBytes = 0;
  private text = '';
  private estimatedBeyond = 0;
  private estimated = 0;

  add(frames: Buffer): void {
    this.unread.push(frames);
    this.unreadBytes += frames.length;
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
    for (const chunk of chunks) {
      let from = 0;
      while (from < chunk.length) {
        const to = endOfNextFrame(chunk, from);
        this.note(payloadOf(dataOf(chunk.subarray(from, to))));
        from = to;
      }
    }
  }

  private note(payload: Readonly<Record<string, unknown>> | undefined): void {
    if (!payload) return;
    const text = outputTextOf(payload);
    if (text === '') return;
    const tokens = estimateTextTokens(text);
    this.estimated += tokens;
    if (this.text.length + text.length <= MAX_TEXT_CHARACTERS) this.text += text;
    else this.estimatedBeyond += tokens;
  }
}

/** What the model wrote in a whole answer or in a chunk of a stream: content, reasoning, refusals, and the names and arguments of calls. */
export function outputTextOf(payload: Readonly<Record<string, unknown>>): string {
  let text = '';
  for (const choice of listAt(payload['choices'])) {
    const holder = objectAt(choice);
    const message = objectAt(holder?.['delta']) ?? objectAt(holder?.['message']);
    if (!message) continue;
    for (const name of ['content', 'reasoning_content', 'reasoning', 'refusal'] as const) {
      const value = message[name];
      if (typeof value === 'string') text += value;
    }
    for (const call of listAt(message['tool_calls'])) text += functionText(objectAt(call)?.['function']);
    text += functionText(message['function_call']);
  }
  return text;
}

function functionText(call: unknown): string {
  const { name, arguments: given } = objectAt(call) ?? {};
  return (typeof name === 'string' ? name : '') + (typeof given === 'string' ? given : '');
}
