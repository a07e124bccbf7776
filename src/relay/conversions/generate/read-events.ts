import { type JsonObject, textIn } from '../../dialects/json/read.js';
import { isBlocked } from '../../dialects/gemini/generate/candidates.js';
import { inJsonNames } from '../../dialects/gemini/proto-names.js';
import type { CanonicalEvent, Reason } from '../canonical.js';
import type { EventReader } from '../codec.js';
import { reasonWith } from '../reading.js';
import { callIn, candidateOf, partsOf, reasonOf } from './read-answer.js';

type Emit = (event: CanonicalEvent) => void;

/** Payloads of a stream as events. A call comes whole; the proof of a part goes before it, into the thought that is open or into one without a text. */
export class GenerateEventReader implements EventReader {
  private started = false;
  private blocks = 0;
  private open: { readonly block: number; readonly kind: 'text' | 'thought' } | undefined;
  private calls = 0;
  private reason: Reason = 'end';

  constructor(private readonly callId: string) {}

  read(given: JsonObject, emit: Emit): void {
    const payload = inJsonNames(given);
    if (!this.started) {
      this.started = true;
      emit({ type: 'start', id: textIn(payload['responseId']), model: textIn(payload['modelVersion']) });
    }
    const candidate = candidateOf(payload);
    for (const part of partsOf(candidate)) this.part(part, emit);
    const { finishReason: finish } = candidate;
    if (textIn(finish) !== undefined) this.reason = reasonOf(finish);
    if (isBlocked(payload)) this.reason = 'refused';
  }

  end(emit: Emit): void {
    this.close(emit);
    emit({ type: 'finish', reason: reasonWith(this.reason, this.calls) });
  }

  private part(part: JsonObject, emit: Emit): void {
    const { text, thought } = part;
    const signature = textIn(part['thoughtSignature']);
    if (signature !== undefined && thought !== true) this.prove(signature, emit);
    if (typeof text === 'string' && text !== '') this.say(thought === true ? 'thought' : 'text', text, emit);
    if (signature !== undefined && thought === true) this.prove(signature, emit);
    const call = callIn(part, () => `${this.callId}_${this.calls}`);
    if (!call) return;
    this.close(emit);
    this.calls++;
    const block = this.blocks++;
    emit({ type: 'open', block, of: { kind: 'call', id: call.id, name: call.name } });
    emit({ type: 'piece', block, text: call.input });
    emit({ type: 'close', block });
  }

  private say(kind: 'text' | 'thought', text: string, emit: Emit): void {
    emit({ type: 'piece', block: this.opened(kind, emit), text });
  }

  /** A proof ends the thought that it is in. */
  private prove(text: string, emit: Emit): void {
    emit({ type: 'signature', block: this.opened('thought', emit), text });
    this.close(emit);
  }

  private opened(kind: 'text' | 'thought', emit: Emit): number {
    if (this.open?.kind === kind) return this.open.block;
    this.close(emit);
    this.open = { block: this.blocks++, kind };
    emit({ type: 'open', block: this.open.block, of: { kind } });
    return this.open.block;
  }

  private close(emit: Emit): void {
    if (this.open) emit({ type: 'close', block: this.open.block });
    this.open = undefined;
  }
}
