import type { Usage } from '../../../domain/pricing/usage.js';
import { errorFrame } from '../../dialects/anthropic/errors.js';
import { EVENT_STREAM } from '../../dialects/sse/is-event-stream.js';
import type { RelayError } from '../../errors.js';
import { KeptText } from '../../metering/kept-text.js';
import type { CanonicalEvent, Finish, OpenedBlock } from '../canonical.js';
import type { AnswerContext, EventWriter } from '../codec.js';
import { InTurn, MOST_KEPT } from '../in-turn.js';
import { writeCallId, writeFinish, writeMessage } from './write-answer.js';
import { writeUsage } from './write-usage.js';

const event = (type: string, fields: object = {}): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;

const DELTAS = {
  text: ['text_delta', 'text'],
  thought: ['thinking_delta', 'thinking'],
  call: ['input_json_delta', 'partial_json'],
} as const;

/** Events of a message: one start; blocks from 0 without a gap, one after the other; why it stopped, with the usage; the end. */
export class MessageEventWriter implements EventWriter {
  readonly contentType = EVENT_STREAM;
  readonly mostKept = MOST_KEPT;
  private readonly blocks = new InTurn((each) => this.put(each));
  private out = '';
  private started = false;
  private index = -1;
  private of: OpenedBlock = { kind: 'text' };
  /** What most of a stream consists of, up to its text, written out: that costs a third of what an object does. */
  private before = '';
  private signature = new KeptText();
  private ending: Finish = { reason: 'end' };

  constructor(private readonly context: AnswerContext) {}

  get keptBytes(): number {
    return this.blocks.keptBytes + this.signature.bytes;
  }

  write(canonical: CanonicalEvent): string {
    this.blocks.take(canonical);
    return this.taken();
  }

  finish(usage: Usage): string {
    if (!this.started) this.start(undefined, undefined);
    this.out += event('message_delta', { delta: writeFinish(this.ending), usage: writeUsage(usage) });
    this.out += event('message_stop');
    return this.taken();
  }

  foreignError(body: object): Buffer {
    return Buffer.from(`event: error\ndata: ${JSON.stringify(body)}\n\n`);
  }

  ownError(error: RelayError, requestId: string): Buffer {
    return errorFrame(error, requestId);
  }

  ping(): string {
    return this.started ? event('ping') : '';
  }

  private taken(): string {
    const { out } = this;
    this.out = '';
    return out;
  }

  private put(canonical: CanonicalEvent): void {
    switch (canonical.type) {
      case 'start':
        return this.start(canonical.id, canonical.model);
      case 'open':
        return this.open(canonical.of);
      case 'piece':
        this.out += this.before + (canonical.json ?? JSON.stringify(canonical.text)) + '}}\n\n';
        return;
      case 'signature':
        this.signature.add(canonical.text);
        return;
      case 'close':
        return this.close();
      case 'ping':
        this.out += this.ping();
        return;
      case 'finish':
        this.ending = canonical;
    }
  }

  /** What the prompt was is known exactly at the end only. */
  private start(id: string | undefined, model: string | undefined): void {
    if (this.started) return;
    this.started = true;
    const usage = { input_tokens: this.context.promptTokens, output_tokens: 0 };
    const message = writeMessage({ id, model }, { content: [], usage }, this.context);
    this.out += event('message_start', { message });
  }

  private open(of: OpenedBlock): void {
    if (!this.started) this.start(undefined, undefined);
    this.index++;
    this.of = of;
    this.signature = new KeptText();
    this.out += event('content_block_start', { index: this.index, content_block: this.emptyBlock(of) });
    const [type, member] = DELTAS[of.kind];
    this.before = `event: content_block_delta\ndata: {"type":"content_block_delta","index":${this.index},"delta":{"type":"${type}","${member}":`;
  }

  private emptyBlock(of: OpenedBlock): object {
    if (of.kind !== 'call')
      return of.kind === 'text'
        ? { type: 'text', text: '' }
        : { type: 'thinking', thinking: '', signature: '' };
    return { type: 'tool_use', id: writeCallId(of.id), name: this.context.originalName(of.name), input: {} };
  }

  private delta(delta: object): void {
    this.out += event('content_block_delta', { index: this.index, delta });
  }

  /** Every thought is signed, so that it can come back, and be known when it does. */
  private close(): void {
    if (this.of.kind === 'thought')
      this.delta({ type: 'signature_delta', signature: this.context.seal(this.signature.text) });
    this.out += event('content_block_stop', { index: this.index });
  }
}
