import type { Usage } from '../../../domain/pricing/usage.js';
import { errorFrame } from '../../dialects/openai/errors.js';
import { EVENT_STREAM } from '../../dialects/sse/is-event-stream.js';
import type { RelayError } from '../../errors.js';
import { KeptText } from '../../metering/kept-text.js';
import type { CanonicalEvent, Finish, OpenedBlock, Piece } from '../canonical.js';
import type { AnswerContext, EventWriter } from '../codec.js';
import { BLOCK_BYTES, MOST_KEPT } from '../in-turn.js';
import { writeHead, writeProof, writeReason } from './write-answer.js';
import { writeUsage } from './write-usage.js';

const PING = ': ping\n\n';
const DONE = 'data: [DONE]\n\n';

/** Chunks of a chat: the role first; calls numbered from 0, their ids and names once; one finish; the usage where it was asked for. */
export class ChatEventWriter implements EventWriter {
  readonly contentType = EVENT_STREAM;
  readonly mostKept = MOST_KEPT;
  /** Of every chunk, with the brace that opens it. */
  private head: string | undefined;
  /** What most of a stream consists of, around its text, written out: that costs a third of what an object does. */
  private said = { text: '', thought: '', call: '', end: '' };
  private readonly open = new Map<number, OpenedBlock & { readonly index: number; wrote: boolean }>();
  private calls = 0;
  /** By upstream, and not given to a call yet. */
  private signed = new KeptText();
  private ending: Finish = { reason: 'end' };

  constructor(private readonly context: AnswerContext) {}

  get keptBytes(): number {
    return this.signed.bytes + this.open.size * BLOCK_BYTES;
  }

  write(event: CanonicalEvent): string {
    switch (event.type) {
      case 'start':
        return this.start(event.id, event.model);
      case 'open':
        return this.begin(event.block, event.of);
      case 'piece':
        return this.piece(event);
      case 'ping':
        return this.ping();
      case 'finish':
        this.ending = event;
        return '';
      case 'signature':
        this.signed.add(event.text);
        return '';
      case 'close':
        return this.close(event.block);
    }
  }

  finish(usage: Usage): string {
    const before = this.start(undefined, undefined);
    const finish = this.chunk({}, writeReason(this.ending));
    const told = this.context.showsUsage ? this.data({ choices: [], usage: writeUsage(usage) }) : '';
    return before + finish + told + DONE;
  }

  foreignError(body: object): Buffer {
    return Buffer.from(`data: ${JSON.stringify(body)}\n\n`);
  }

  ownError(error: RelayError): Buffer {
    return errorFrame(error);
  }

  ping(): string {
    return this.head ? PING : '';
  }

  private start(id: string | undefined, model: string | undefined): string {
    if (this.head) return '';
    const head = writeHead('chat.completion.chunk', { id, model }, this.context);
    this.head = JSON.stringify(head).slice(0, -1);
    const before = `data: ${this.head},"choices":[{"index":0,"delta":{`;
    this.said = {
      text: `${before}"content":`,
      thought: `${before}"reasoning_content":`,
      call: `${before}"tool_calls":[{"index":`,
      end: `},"logprobs":null,"finish_reason":null}]${this.context.showsUsage ? ',"usage":null' : ''}}\n\n`,
    };
    return this.chunk({ role: 'assistant', content: '' });
  }

  private begin(block: number, of: OpenedBlock): string {
    const before = this.start(undefined, undefined);
    const index = of.kind === 'call' ? this.calls++ : 0;
    this.open.set(block, { ...of, index, wrote: false });
    if (of.kind === 'thought') this.signed = new KeptText();
    if (of.kind !== 'call') return before;
    const called = { name: this.context.originalName(of.name), arguments: '' };
    const proof = writeProof(this.signed.text, this.context);
    this.signed = new KeptText();
    const call = { index, id: of.id, type: 'function', function: called, ...proof };
    return before + this.chunk({ tool_calls: [call] });
  }

  private piece({ block, text, json = JSON.stringify(text) }: Piece): string {
    const of = this.open.get(block);
    switch (of?.kind) {
      case 'text':
      case 'thought':
        return this.said[of.kind] + json + this.said.end;
      case 'call':
        of.wrote = true;
        return `${this.said.call + of.index},"function":{"arguments":${json}}}]${this.said.end}`;
      default:
        return '';
    }
  }

  /** Arguments that are none would be no JSON. */
  private close(block: number): string {
    const of = this.open.get(block);
    const nothing = of?.kind === 'call' && !of.wrote ? this.piece({ type: 'piece', block, text: '{}' }) : '';
    this.open.delete(block);
    return nothing;
  }

  private chunk(delta: object, finish: string | null = null): string {
    const choices = [{ index: 0, delta, logprobs: null, finish_reason: finish }];
    return this.data(this.context.showsUsage ? { choices, usage: null } : { choices });
  }

  private data(fields: object): string {
    return `data: ${this.head},${JSON.stringify(fields).slice(1)}\n\n`;
  }
}
