import type { RelayError } from '../../../errors.js';
import type { JsonObject } from '../../json/read.js';
import { firstMember } from '../../sse/first-member.js';
import { SseStream } from '../../sse/sse-stream.js';
import { errorIn, errorOfStream } from '../answer.js';
import { errorFrame } from '../errors.js';
import { transcriptUsage } from './usage.js';

const LAST = 'transcript.text.done';
const WORDS = [Buffer.from(`"${LAST}"`), Buffer.from('[DONE]')];
const ERROR = Buffer.from('"error"');

/** The events of a transcript. What is kept back is the last one, which repeats the whole text and carries the usage. */
export class TranscriptStream extends SseStream {
  errorFrame(error: RelayError): Buffer {
    return errorFrame(error);
  }

  protected textOf(payload: JsonObject): string {
    const delta = payload['type'] === 'transcript.text.delta' ? payload['delta'] : undefined;
    return typeof delta === 'string' ? delta : '';
  }

  protected isContent(payload: JsonObject): boolean {
    return String(payload['type']).startsWith('transcript.text.');
  }

  protected firstToRead(frames: Buffer, from: number): number {
    let first = firstMember(frames, ERROR, from);
    for (const word of WORDS) {
      const at = frames.indexOf(word, from);
      if (at !== -1 && (first === -1 || at < first)) first = at;
    }
    return first;
  }

  protected read(data: string, payload: JsonObject | undefined): boolean {
    if (!payload) {
      if (data.trim() === '[DONE]') this.markEnd(this.holding);
    } else if (payload['type'] === 'error' || errorIn(payload)) {
      this.fail(errorOfStream(errorIn(payload) ?? payload));
    } else if (this.textOf(payload) !== '') this.goOn();
    else if (payload['type'] === LAST) {
      const usage = transcriptUsage(payload);
      if (usage) this.report(usage);
      this.holding = true;
    }
    return true;
  }
}
