import type { RelayError } from '../../../errors.js';
import type { NoteWritten } from '../../../metering/delivered-text.js';
import type { ToolRuns } from '../../../metering/tool-runs.js';
import { type JsonObject, objectAt, textIn } from '../../json/read.js';
import { firstMember } from '../../sse/first-member.js';
import { SseStream } from '../../sse/sse-stream.js';
import { errorIn, errorOfStream } from '../answer.js';
import { responseErrorFrame } from '../errors.js';
import { leftByResponse } from './left.js';
import { eventMediaTokens } from '../written-media.js';
import { eventText } from './texts.js';
import { ToolItems } from './tool-items.js';
import { responseUsage } from './usage.js';
import { WrittenItems } from './written-items.js';

/** The last event repeats the whole answer, with the pictures in it. */
const MAX_EVENT_BYTES = 16 * 1024 * 1024;

const ERROR = Buffer.from('"error"');
/** Events after which nothing comes. Some gateways end with `response.done`, whose response says how it went. */
const ENDINGS = [
  ...['response.completed', 'response.incomplete', 'response.failed'],
  ...['response.cancelled', 'response.done'],
];
/** An item is whole: it may be one that is billed by the piece, and the end may not repeat it. */
const ITEM = 'response.output_item.done';
/** From here on upstream keeps it, also when it is cut; and some tell of the prompt here. */
const BEGINNINGS = ['response.created', 'response.in_progress'];
const WORDS = [...BEGINNINGS, ...ENDINGS, ITEM].map((type) => Buffer.from(`"${type}"`));

/** Events that come before the answer; an item that is still empty is none either. */
const OPENINGS: ReadonlySet<unknown> = new Set([
  ...[...BEGINNINGS, 'response.queued'],
  ...['response.content_part.added', 'response.reasoning_summary_part.added'],
]);
const EMPTY_ITEMS: ReadonlySet<unknown> = new Set(['message', 'reasoning']);

/**
 * The events of a response. What is kept back is the last one: clients wait for it, and it carries the usage. A frame is read only when it
 * holds the name of such an event, an item that is whole, or an error.
 */
export class ResponseStream extends SseStream {
  private readonly items = new ToolItems();
  private readonly written = new WrittenItems();

  constructor() {
    super({ maxFrameBytes: MAX_EVENT_BYTES, maxTailBytes: MAX_EVENT_BYTES });
  }

  get runs(): ToolRuns {
    return this.items.runs;
  }

  errorFrame(error: RelayError): Buffer {
    return responseErrorFrame(error);
  }

  protected textOf(payload: JsonObject): string {
    return eventText(payload);
  }

  protected override noteTexts(payload: JsonObject, note: NoteWritten): void {
    this.written.note(payload, note);
    note('', eventMediaTokens(payload));
  }

  protected isContent(payload: JsonObject): boolean {
    const { type, item } = payload;
    if (typeof type !== 'string' || !type.startsWith('response.')) return false;
    if (type === 'response.output_item.added') return !EMPTY_ITEMS.has(objectAt(item)?.['type']);
    return !OPENINGS.has(type);
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
    const type = payload?.['type'];
    const response = objectAt(payload?.['response']);
    if (payload && (type === 'error' || errorIn(payload))) {
      this.fail(errorOfStream(errorIn(payload) ?? payload));
    } else if (response && ENDINGS.some((ending) => ending === type)) {
      this.items.noteAll(response);
      this.note(response);
      this.serviceTier = textIn(response['service_tier']);
      if (type === 'response.failed' || response['status'] === 'failed')
        this.fail(errorOfStream(response['error']));
      else this.holding = this.done = true;
    } else if (response && BEGINNINGS.some((beginning) => beginning === type)) this.note(response);
    else if (payload && type === ITEM) this.items.note(payload['item'], payload['output_index']);
    else if (data.trim() === '[DONE]') this.markEnd(false);
    return true;
  }

  private note(response: JsonObject): void {
    const usage = responseUsage(response);
    this.leave(leftByResponse(response));
    if (usage) this.report(usage);
  }
}
