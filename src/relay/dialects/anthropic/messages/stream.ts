import type { Usage } from '../../../../domain/pricing/usage.js';
import type { ToolRuns } from '../../../metering/tool-runs.js';
import type { UsageBeside } from '../../../metering/usage-beside.js';
import type { RelayError } from '../../../errors.js';
import { type JsonObject, objectAt } from '../../json/read.js';
import { SseStream } from '../../sse/sse-stream.js';
import { errorOfEvent } from '../answer.js';
import { errorFrame, underOurName } from '../errors.js';
import { leftByBlock, leftInContainer } from './left.js';
import { isSearchResult } from './runs.js';
import { eventTextOf, sealedTokensOf } from './texts.js';
import { StreamUsage } from './usage.js';

/** Frames with one of these in them are read; the deltas between them are passed as they are. Content quotes such words as `\"`, which does not match. */
const TO_READ = [
  '"message_start"',
  '"message_delta"',
  '"message_stop"',
  '"error"',
  '"web_search_tool_result"',
  '"file_id"',
].map((word) => Buffer.from(word));

const EMPTY_BLOCKS: ReadonlySet<unknown> = new Set(['text', 'thinking']);

/**
 * The events of one message. The end that is kept back begins with the `message_delta` that says why the model stopped and ends with
 * `message_stop`; pings before it pass. Should the model write on, it was not the end.
 */
export class MessageStream extends SseStream {
  private readonly reported = new StreamUsage();
  private searches = 0;
  private container = false;

  /** What upstream said of the prompt at the start, for a message that is cut before its end. */
  get promptUsage(): Usage | undefined {
    return this.reported.promptUsage;
  }

  get runs(): ToolRuns {
    return { searches: this.searches, code_sessions: this.container ? 1 : 0 };
  }

  get beside(): readonly UsageBeside[] {
    return this.reported.beside;
  }

  errorFrame(error: RelayError, requestId: string): Buffer {
    return errorFrame(error, requestId);
  }

  upstreamError(requestId: string): Buffer | undefined {
    if (this.error?.kind !== 'error') return undefined;
    const event = underOurName(this.error.body, requestId).toString();
    return Buffer.from(`event: error\ndata: ${event}\n\n`);
  }

  protected firstToRead(frames: Buffer, from: number): number {
    let first = -1;
    for (const word of TO_READ) {
      const at = frames.indexOf(word, from);
      if (at !== -1 && (first === -1 || at < first)) first = at;
    }
    return first;
  }

  protected read(_data: string, payload: JsonObject | undefined): boolean {
    if (isSearchResult(payload?.['content_block'])) this.searches++;
    this.leave(leftByBlock(payload?.['content_block']));
    switch (payload?.['type']) {
      case 'message_start':
        this.reported.start(objectAt(payload['message'])?.['usage']);
        this.serviceTier = this.reported.serviceTier;
        break;
      case 'message_delta':
        this.container ||= objectAt(objectAt(payload['delta'])?.['container']) !== undefined;
        this.progress(payload);
        break;
      case 'message_stop':
        // Some gateways report nowhere else.
        this.progress(payload);
        this.holding = true;
        this.done = true;
        break;
      default: {
        const error = payload && errorOfEvent(payload);
        if (error) this.fail(error);
        // The reason to stop came before the end.
        else if (payload && this.holding && this.isContent(payload)) this.goOn();
      }
    }
    return true;
  }

  protected textOf(payload: JsonObject): string {
    return eventTextOf(payload);
  }

  protected override partOf({ index }: JsonObject): unknown {
    return index;
  }

  /** A block of text or of thoughts opens empty. */
  protected isContent(payload: JsonObject): boolean {
    if (payload['type'] === 'content_block_delta') return true;
    if (payload['type'] === 'message_start') return eventTextOf(payload) !== '';
    if (payload['type'] !== 'content_block_start') return false;
    const block = objectAt(payload['content_block']) ?? {};
    return !EMPTY_BLOCKS.has(block['type']) || eventTextOf(payload) !== '';
  }

  protected override mediaOf(payload: JsonObject): number {
    return sealedTokensOf(payload);
  }

  private progress(payload: JsonObject): void {
    this.leave(leftInContainer(objectAt(payload['delta']) ?? {}));
    if (objectAt(payload['usage'])) {
      this.reported.progress(payload['usage']);
      const { usage, serviceTier } = this.reported;
      this.serviceTier = serviceTier;
      if (usage) this.report(usage);
    }
    const reason = objectAt(payload['delta'])?.['stop_reason'];
    if (typeof reason === 'string' && reason !== '') this.holding = true;
  }
}
