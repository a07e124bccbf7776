import type { Usage } from '../../../domain/pricing/usage.js';
import { errorObject } from '../../dialects/openai/errors.js';
import { EVENT_STREAM } from '../../dialects/sse/is-event-stream.js';
import type { RelayError } from '../../errors.js';
import { KeptText } from '../../metering/kept-text.js';
import type { CanonicalEvent, Finish, OpenedBlock, Piece, ToolForm } from '../canonical.js';
import type { AnswerContext, EventWriter } from '../codec.js';
import { type ForeignError, readError } from '../foreign-error.js';
import { BLOCK_BYTES, InTurn } from '../in-turn.js';
import {
  callItem,
  formOf,
  freeformInput,
  type Item,
  messageItem,
  reasoningItem,
  summaryPart,
  textPart,
  writeFinish,
  writeResponse,
} from './write-answer.js';
import { writeUsage } from './write-usage.js';

const DELTAS = {
  text: 'response.output_text.delta',
  thought: 'response.reasoning_summary_text.delta',
  call: 'response.function_call_arguments.delta',
} as const;

/** Events of a response, numbered from 0: its items one after the other, each opened, written and closed; then the whole of it. */
export class ResponseEventWriter implements EventWriter {
  readonly contentType = EVENT_STREAM;
  /** The last event repeats the whole answer. */
  readonly mostKept = 8 * 1024 * 1024;
  private readonly blocks = new InTurn((each) => this.put(each));
  private readonly output: Item[] = [];
  private out = '';
  private sequence = 0;
  private hasBegun = false;
  private model: string | undefined;
  private of: OpenedBlock = { kind: 'text' };
  private itemId: unknown;
  /** What most of a stream consists of, written out around its number and its text: that costs a third of what an object does. */
  private delta = { head: '', place: '', end: '' };
  private said = new KeptText();
  private signature = new KeptText();
  /** Of the items that are whole. */
  private itemBytes = 0;
  private ending: Finish = { reason: 'end' };

  constructor(private readonly context: AnswerContext) {}

  get keptBytes(): number {
    return this.blocks.keptBytes + this.itemBytes + this.said.bytes + this.signature.bytes;
  }

  write(canonical: CanonicalEvent): string {
    this.blocks.take(canonical);
    return this.taken();
  }

  finish(usage: Usage): string {
    this.start(undefined);
    const { status, incomplete_details } = writeFinish(this.ending);
    const said = { status, incomplete_details, output: this.output, usage: writeUsage(usage) };
    this.event(`response.${status}`, { response: writeResponse(this.model, said, this.context) });
    return this.taken();
  }

  /** Clients of responses know an end by its event: without one they would wait for it, or ask again. */
  foreignError(body: object): Buffer {
    return this.failed(readError({ ...body }));
  }

  ownError(error: RelayError): Buffer {
    const { code, message } = errorObject(error);
    return this.failed({ code: code ?? undefined, message });
  }

  private failed({ code = 'server_error', message }: ForeignError): Buffer {
    this.start(undefined);
    const error = { code, message };
    const said = { status: 'failed', error, output: this.output, usage: null } as const;
    this.event('response.failed', { response: writeResponse(this.model, said, this.context) });
    return Buffer.from(this.taken());
  }

  ping(): string {
    return this.hasBegun ? ': ping\n\n' : '';
  }

  private taken(): string {
    const { out } = this;
    this.out = '';
    return out;
  }

  private event(type: string, fields: object): void {
    this.out += `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: this.sequence++, ...fields })}\n\n`;
  }

  private put(canonical: CanonicalEvent): void {
    switch (canonical.type) {
      case 'start':
        return this.start(canonical.model);
      case 'open':
        return this.open(canonical.of);
      case 'piece':
        return this.piece(canonical);
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

  private start(model: string | undefined): void {
    if (this.hasBegun) return;
    this.hasBegun = true;
    this.model = model;
    const said = { status: 'in_progress', output: [], usage: null } as const;
    const response = writeResponse(model, said, this.context);
    this.event('response.created', { response });
    this.event('response.in_progress', { response });
  }

  private get form(): ToolForm['kind'] {
    return this.of.kind === 'call' ? formOf(this.of.name, this.context).kind : 'function';
  }

  /** As it is now. */
  private item(status: 'in_progress' | 'completed', text: string): Item {
    const place = this.output.length;
    const { of, context } = this;
    if (of.kind === 'call') return callItem(place, { ...of, input: text }, status, context);
    if (of.kind === 'text') return messageItem(place, text, status, context);
    return reasoningItem(
      place,
      text,
      status === 'completed' ? context.seal(this.signature.text) : null,
      context,
    );
  }

  private open(of: OpenedBlock): void {
    this.start(undefined);
    this.of = of;
    this.said = new KeptText();
    this.signature = new KeptText();
    const item = this.item('in_progress', '');
    this.itemId = item['id'];
    this.event('response.output_item.added', { output_index: this.output.length, item });
    if (of.kind === 'text') this.inPart('response.content_part.added', { part: textPart('') });
    if (of.kind === 'thought')
      this.inPart('response.reasoning_summary_part.added', { part: summaryPart('') });
    const type = DELTAS[of.kind];
    this.delta = {
      head: `event: ${type}\ndata: {"type":"${type}","sequence_number":`,
      place: `,${JSON.stringify(this.place()).slice(1, -1)},"delta":`,
      end: of.kind === 'text' ? ',"logprobs":[]}\n\n' : '}\n\n',
    };
  }

  /** Where the open item is, or the only part that it has. */
  private place(): object {
    const { kind } = this.of;
    const part = kind === 'call' ? {} : kind === 'text' ? { content_index: 0 } : { summary_index: 0 };
    return { item_id: this.itemId, output_index: this.output.length, ...part };
  }

  private inPart(type: string, fields: object): void {
    this.event(type, { ...this.place(), ...fields });
  }

  private piece({ text, json = JSON.stringify(text) }: Piece): void {
    // As if each character took two: a look at it costs more than what it would save.
    this.said.add(text, 2 * text.length);
    // Of a freeform tool the client wants the bare text, which is whole when its JSON is; of a search the whole item alone.
    if (this.form !== 'function') return;
    const { head, place, end } = this.delta;
    this.out += head + this.sequence++ + place + json + end;
  }

  private close(): void {
    if (this.of.kind === 'call') this.closeCall();
    const { text } = this.said;
    if (this.of.kind === 'text') {
      this.inPart('response.output_text.done', { text, logprobs: [] });
      this.inPart('response.content_part.done', { part: textPart(text) });
    } else if (this.of.kind === 'thought') {
      this.inPart('response.reasoning_summary_text.done', { text });
      this.inPart('response.reasoning_summary_part.done', { part: summaryPart(text) });
    }
    const item = this.item('completed', text);
    this.event('response.output_item.done', { output_index: this.output.length, item });
    this.output.push(item);
    this.itemBytes += BLOCK_BYTES + this.said.bytes + 2 * this.signature.bytes;
    this.said = new KeptText();
  }

  private closeCall(): void {
    if (this.form === 'search') return;
    if (this.form === 'freeform') {
      const input = freeformInput(this.said.text);
      if (input !== '') this.inPart('response.custom_tool_call_input.delta', { delta: input });
      this.inPart('response.custom_tool_call_input.done', { input });
      return;
    }
    if (this.said.length === 0) this.said.add('{}');
    this.inPart('response.function_call_arguments.done', { arguments: this.said.text });
  }
}
