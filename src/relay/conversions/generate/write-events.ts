import type { Usage } from '../../../domain/pricing/usage.js';
import { errorText } from '../../dialects/gemini/errors.js';
import { ArrayUnits } from '../../dialects/json/array-units.js';
import { SseUnits } from '../../dialects/sse/sse-units.js';
import type { UnitSplitter } from '../../dialects/units.js';
import type { RelayError } from '../../errors.js';
import { KeptText } from '../../metering/kept-text.js';
import type { CanonicalEvent, Finish, OpenedBlock, Piece } from '../canonical.js';
import type { AnswerContext, EventWriter } from '../codec.js';
import { InTurn, MOST_KEPT } from '../in-turn.js';
import { proofOf, writeCall, writeCandidate, writeHead, type Written } from './write-answer.js';
import { writeUsage } from './write-usage.js';

const NO_PROOF: Written = {};
/** What most of a stream consists of, up to its text, written out: that costs a third of what an object does. */
const SAID = '{"candidates":[{"content":{"role":"model","parts":[{"text":';

/** Payloads of a stream, in either framing: one for each piece of a text, one for each call; the last one says why it ended, and the usage. */
export class GenerateEventWriter implements EventWriter {
  readonly mostKept = MOST_KEPT;
  private readonly units: UnitSplitter;
  private readonly blocks = new InTurn((each) => this.put(each));
  private out = '';
  private hasWritten = false;
  private head: object;
  /** What a payload ends with that has nothing but a text. */
  private saidEnd = '';
  private of: OpenedBlock = { kind: 'text' };
  private input = new KeptText();
  private signature = new KeptText();
  /** Of what comes next. */
  private proof: Written = NO_PROOF;
  private ending: Finish = { reason: 'end' };

  constructor(private readonly context: AnswerContext) {
    this.units = context.framing === 'json' ? new ArrayUnits() : new SseUnits();
    this.head = this.begin(undefined, undefined);
  }

  get contentType(): string {
    return this.units.contentType;
  }

  get keptBytes(): number {
    return this.blocks.keptBytes + this.input.bytes + this.signature.bytes;
  }

  write(canonical: CanonicalEvent): string {
    this.blocks.take(canonical);
    return this.taken();
  }

  finish(usage: Usage): string {
    const candidates = [writeCandidate([{ text: '', ...this.proof }], this.ending)];
    this.frame({ candidates, usageMetadata: writeUsage(usage), ...this.head });
    return this.taken() + this.units.ending;
  }

  foreignError(body: object): Buffer {
    return this.error(JSON.stringify(body));
  }

  ownError(error: RelayError): Buffer {
    return this.error(errorText(error));
  }

  /** There is no such thing in an array that grows. */
  ping(): string {
    return this.hasWritten && this.context.framing !== 'json' ? ': ping\n\n' : '';
  }

  private error(json: string): Buffer {
    return Buffer.concat([this.units.frame(json, !this.hasWritten), Buffer.from(this.units.ending)]);
  }

  private taken(): string {
    const { out } = this;
    this.out = '';
    return out;
  }

  private frame(payload: object): void {
    this.framed(JSON.stringify(payload));
  }

  private framed(json: string): void {
    if (this.context.framing === 'json') this.out += this.units.frame(json, !this.hasWritten).toString();
    else this.out += `data: ${json}\n\n`;
    this.hasWritten = true;
  }

  private said(json: string, thought = ''): void {
    this.framed(SAID + json + thought + this.saidEnd);
  }

  private begin(id: string | undefined, model: string | undefined): object {
    const head = writeHead(id, model, this.context);
    this.saidEnd = `}]},"index":0}],${JSON.stringify(head).slice(1)}`;
    return head;
  }

  private put(canonical: CanonicalEvent): void {
    switch (canonical.type) {
      case 'start':
        this.head = this.begin(canonical.id, canonical.model);
        return;
      case 'open':
        this.of = canonical.of;
        this.input = new KeptText();
        this.signature = new KeptText();
        return;
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

  private piece({ text, json = JSON.stringify(text) }: Piece): void {
    if (this.of.kind === 'call') this.input.add(text);
    else if (this.of.kind === 'thought') {
      if (!this.context.hidesThoughts) this.said(json, ',"thought":true');
    } else if (this.proof === NO_PROOF) this.said(json);
    else this.say({ text });
  }

  private say(part: Written): void {
    this.frame({ candidates: [writeCandidate([{ ...part, ...this.proof }])], ...this.head });
    this.proof = NO_PROOF;
  }

  private close(): void {
    const { of, input, signature } = this;
    if (of.kind === 'call') this.say(writeCall({ ...of, input: input.text }, this.context));
    else if (of.kind === 'thought' && signature.length > 0)
      this.proof = proofOf(signature.text, this.context);
    this.input = new KeptText();
  }
}
