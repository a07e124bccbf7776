import { type JsonObject, listAt, objectAt, textIn } from '../../dialects/json/read.js';
import { thoughtsOf } from '../../dialects/openai/chat/texts.js';
import type { CanonicalEvent, Reason } from '../canonical.js';
import type { EventReader } from '../codec.js';
import { reasonWith, textsOf } from '../reading.js';
import { reasonOf } from './read-answer.js';

interface OpenCall {
  readonly block: number;
  readonly id: string | undefined;
  /** In pieces, or said again, until there are arguments. */
  name: string;
  isOpen: boolean;
}

/** More are no calls of one answer. */
const MOST_CALLS = 256;
const LONGEST_NAME = 1_024;

/**
 * Chunks of a chat as events: the first choice of each. Reads what upstreams write, not what they should: calls without an index, in pieces, whole,
 * or with arguments that are an object; a finish beside content, or twice.
 */
export class ChatEventReader implements EventReader {
  private started = false;
  private blocks = 0;
  private open: { readonly block: number; readonly kind: 'text' | 'thought' } | undefined;
  private readonly calls: OpenCall[] = [];
  private readonly byIndex = new Map<number, OpenCall>();
  private lastCall: OpenCall | undefined;
  private reason: Reason = 'end';
  /** Something was written as deltas: a whole message behind them repeats it. */
  private wroteDeltas = false;

  constructor(private readonly callId: string) {}

  read(chunk: JsonObject, emit: (event: CanonicalEvent) => void): void {
    const choice = firstOf(listAt(chunk['choices']));
    if (!choice) return;
    if (!this.started) {
      this.started = true;
      emit({ type: 'start', id: textIn(chunk['id']), model: textIn(chunk['model']) });
    }
    const delta = objectAt(choice['delta']);
    if (delta) this.write(delta, emit);
    const message = objectAt(choice['message']);
    if (message && !this.wroteDeltas) this.write(message, emit);
    const { finish_reason: finish } = choice;
    if (typeof finish === 'string' && finish !== '') this.reason = reasonOf(finish);
  }

  end(emit: (event: CanonicalEvent) => void): void {
    this.close(emit);
    this.openCalls(emit);
    for (const { block } of this.calls) emit({ type: 'close', block });
    emit({ type: 'finish', reason: reasonWith(this.reason, this.calls.length) });
  }

  private write(delta: JsonObject, emit: (event: CanonicalEvent) => void): void {
    const thought = thoughtsOf(delta);
    if (thought !== '') this.say('thought', thought, emit);
    const { content } = delta;
    if (typeof content !== 'string') for (const text of textsOf(content)) this.say('text', text, emit);
    else if (content !== '') this.say('text', content, emit);
    const refusal = textIn(delta['refusal']);
    if (refusal !== undefined) this.say('text', refusal, emit);
    for (const call of listAt(delta['tool_calls'])) this.call(objectAt(call) ?? {}, emit);
    const older = objectAt(delta['function_call']);
    if (older) this.call({ index: 0, function: older }, emit);
  }

  private say(kind: 'text' | 'thought', text: string, emit: (event: CanonicalEvent) => void): void {
    this.wroteDeltas = true;
    if (this.open?.kind !== kind) {
      this.close(emit);
      this.openCalls(emit);
      this.open = { block: this.blocks++, kind };
      emit({ type: 'open', block: this.open.block, of: { kind } });
    }
    emit({ type: 'piece', block: this.open.block, text });
  }

  private close(emit: (event: CanonicalEvent) => void): void {
    if (this.open) emit({ type: 'close', block: this.open.block });
    this.open = undefined;
  }

  /** A call without an index is another one where it has another id, or a name where there was one. */
  private call(piece: JsonObject, emit: (event: CanonicalEvent) => void): void {
    const called = objectAt(piece['function']) ?? {};
    const name = textIn(called['name']);
    const id = textIn(piece['id']);
    const known = this.known(piece['index'], id, name);
    const call = known ?? this.begin(piece['index'], id, name, emit);
    if (!call) return;
    this.wroteDeltas = true;
    this.lastCall = call;
    if (!call.isOpen && name !== undefined && name !== call.name)
      call.name = (call.name + name).slice(0, LONGEST_NAME);
    const { arguments: given } = called;
    const text = typeof given === 'string' ? given : objectAt(given) ? JSON.stringify(given) : '';
    if (text === '') return;
    if (!call.isOpen) this.openCalls(emit);
    emit({ type: 'piece', block: call.block, text });
  }

  /** Some upstreams give every call the same index. */
  private known(index: unknown, id: string | undefined, name: string | undefined): OpenCall | undefined {
    if (typeof index === 'number') {
      const call = this.byIndex.get(index);
      const isAnother = name !== undefined && id !== undefined && call?.id !== undefined && id !== call.id;
      return isAnother ? undefined : call;
    }
    const last = this.lastCall;
    if (!last || (id !== undefined && last.id !== undefined && id !== last.id)) return undefined;
    return name === undefined || id !== undefined ? last : undefined;
  }

  private begin(
    index: unknown,
    id: string | undefined,
    name: string | undefined,
    emit: (event: CanonicalEvent) => void,
  ): OpenCall | undefined {
    if (name === undefined || this.calls.length >= MOST_CALLS) return undefined;
    this.close(emit);
    const call = { block: this.blocks++, id, name, isOpen: false };
    this.calls.push(call);
    if (typeof index === 'number') this.byIndex.set(index, call);
    return call;
  }

  /** In their order, with their whole names. */
  private openCalls(emit: (event: CanonicalEvent) => void): void {
    for (const [place, call] of this.calls.entries()) {
      if (call.isOpen) continue;
      call.isOpen = true;
      const { block, id = `${this.callId}_${place}`, name } = call;
      emit({ type: 'open', block, of: { kind: 'call', id, name } });
    }
  }
}

/** The first choice; others were not asked for. */
function firstOf(choices: readonly unknown[]): JsonObject | undefined {
  for (const each of choices) {
    const choice = objectAt(each);
    if (choice && (choice['index'] ?? 0) === 0) return choice;
  }
  return undefined;
}
