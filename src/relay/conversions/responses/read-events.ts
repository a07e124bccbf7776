import { type JsonObject, listAt, objectAt, textIn } from '../../dialects/json/read.js';
import type { CanonicalEvent, OpenedBlock, Reason } from '../canonical.js';
import type { EventReader } from '../codec.js';
import { reasonWith, stringAt } from '../reading.js';
import { callIdOf, partsOf, reasonOf } from './read-answer.js';

type Emit = (event: CanonicalEvent) => void;

interface OpenItem {
  readonly block: number;
  readonly kind: OpenedBlock['kind'];
  wrote: boolean;
}

const DELTAS: ReadonlySet<unknown> = new Set([
  ...['response.output_text.delta', 'response.refusal.delta', 'response.function_call_arguments.delta'],
  ...['response.reasoning_summary_text.delta', 'response.reasoning_text.delta'],
]);

/** Events of a response: an item is a block. What upstream ran itself is left out, and an item that was never written in pieces is read from its end. */
export class ResponseEventReader implements EventReader {
  private started = false;
  private blocks = 0;
  private calls = 0;
  /** By their places; NaN is the one of those that say none. */
  private readonly open = new Map<number, OpenItem>();
  private reason: Reason = 'end';

  read(event: JsonObject, emit: Emit): void {
    const { type } = event;
    const place = Number(event['output_index']);
    const response = objectAt(event['response']);
    if (response) this.response(response, emit);
    else if (type === 'response.output_item.added') this.begin(place, objectAt(event['item']) ?? {}, emit);
    else if (type === 'response.output_item.done') this.done(place, objectAt(event['item']) ?? {}, emit);
    else if (DELTAS.has(type)) this.delta(place, event, emit);
    else if (type === 'response.reasoning_summary_part.added') this.nextPart(this.open.get(place), emit);
  }

  end(emit: Emit): void {
    for (const { block } of this.open.values()) emit({ type: 'close', block });
    emit({ type: 'finish', reason: reasonWith(this.reason, this.calls) });
  }

  /** The beginning, or the end; some upstreams say all of the answer there. */
  private response(response: JsonObject, emit: Emit): void {
    if (!this.started) {
      this.started = true;
      emit({ type: 'start', id: textIn(response['id']), model: textIn(response['model']) });
    }
    this.reason = reasonOf(response);
    if (this.blocks > 0) return;
    for (const [place, value] of listAt(response['output']).entries()) {
      const item = objectAt(value) ?? {};
      // One that is still empty, as where an answer begins, is told later.
      if (partsOf(item).some((part) => part.kind === 'call' || part.text !== ''))
        this.done(place, item, emit);
    }
  }

  private begin(place: number, item: JsonObject, emit: Emit): OpenItem | undefined {
    const of = openedBy(item);
    if (!of || this.open.has(place)) return undefined;
    if (of.kind === 'call') this.calls++;
    const opened = { block: this.blocks++, kind: of.kind, wrote: false };
    this.open.set(place, opened);
    emit({ type: 'open', block: opened.block, of });
    return opened;
  }

  /** Some upstreams write into items that they have not begun; of a call its end tells the name. */
  private delta(place: number, { type, delta }: JsonObject, emit: Emit): void {
    const item = String(type).startsWith('response.reasoning') ? 'reasoning' : 'message';
    const isOfCall = type === 'response.function_call_arguments.delta';
    const opened = this.open.get(place) ?? (isOfCall ? undefined : this.begin(place, { type: item }, emit));
    this.piece(opened, stringAt(delta) ?? '', emit);
  }

  private piece(item: OpenItem | undefined, text: string, emit: Emit): void {
    if (!item || text === '') return;
    item.wrote = true;
    emit({ type: 'piece', block: item.block, text });
  }

  private nextPart(item: OpenItem | undefined, emit: Emit): void {
    if (item?.wrote) this.piece(item, '\n\n', emit);
  }

  private done(place: number, item: JsonObject, emit: Emit): void {
    const opened = this.open.get(place) ?? this.begin(place, item, emit);
    if (!opened) return;
    for (const part of partsOf(item)) {
      const text = part.kind === 'call' ? part.input : part.text;
      if (!opened.wrote) this.piece(opened, text, emit);
      if (part.kind === 'thought' && part.signature)
        emit({ type: 'signature', block: opened.block, text: part.signature });
    }
    emit({ type: 'close', block: opened.block });
    this.open.delete(place);
  }
}

function openedBy(item: JsonObject): OpenedBlock | undefined {
  switch (item['type']) {
    case 'message':
      return { kind: 'text' };
    case 'reasoning':
      return { kind: 'thought' };
    case 'function_call':
      return { kind: 'call', id: callIdOf(item), name: String(item['name']) };
    default:
      return undefined;
  }
}
