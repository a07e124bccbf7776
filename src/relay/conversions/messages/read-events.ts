import { type JsonObject, listAt, objectAt, textIn } from '../../dialects/json/read.js';
import type { CanonicalEvent, Finish, OpenedBlock } from '../canonical.js';
import type { EventReader } from '../codec.js';
import { stringAt } from '../reading.js';
import { readFinish } from './read-answer.js';

type Emit = (event: CanonicalEvent) => void;

/** Events of a message, as they come. What upstream ran itself is left out. */
export class MessageEventReader implements EventReader {
  private readonly open = new Set<number>();
  private ending: Finish = { reason: 'end' };

  read(event: JsonObject, emit: Emit): void {
    switch (event['type']) {
      case 'message_start': {
        const { id, model, content } = objectAt(event['message']) ?? {};
        emit({ type: 'start', id: textIn(id), model: textIn(model) });
        return this.whole(listAt(content), emit);
      }
      case 'content_block_start':
        return this.begin(indexOf(event), objectAt(event['content_block']) ?? {}, emit);
      case 'content_block_delta':
        return this.delta(indexOf(event), objectAt(event['delta']) ?? {}, emit);
      case 'content_block_stop':
        return this.stop(indexOf(event), emit);
      case 'message_delta': {
        const delta = objectAt(event['delta']) ?? {};
        if (textIn(delta['stop_reason']) !== undefined) this.ending = readFinish(delta);
        return;
      }
      case 'ping':
        return emit({ type: 'ping' });
      default:
    }
  }

  end(emit: Emit): void {
    for (const block of this.open) emit({ type: 'close', block });
    emit({ type: 'finish', ...this.ending });
  }

  /** A message begins empty, but some tell here what they have. */
  private whole(blocks: readonly unknown[], emit: Emit): void {
    for (const [block, content] of blocks.entries()) {
      this.begin(block, objectAt(content) ?? {}, emit);
      this.stop(block, emit);
    }
  }

  private begin(block: number, content: JsonObject, emit: Emit): void {
    const of = openedBy(content);
    if (!of) return;
    this.open.add(block);
    emit({ type: 'open', block, of });
    const text = stringAt(content['text']) || stringAt(content['thinking']) || wholeInput(content['input']);
    if (text) emit({ type: 'piece', block, text });
    const signature = textIn(content['signature']);
    if (signature !== undefined) emit({ type: 'signature', block, text: signature });
  }

  private delta(block: number, delta: JsonObject, emit: Emit): void {
    if (!this.open.has(block)) return;
    const text = textIn(delta['text']) ?? textIn(delta['thinking']) ?? textIn(delta['partial_json']);
    if (text !== undefined) emit({ type: 'piece', block, text });
    const signature = textIn(delta['signature']);
    if (signature !== undefined) emit({ type: 'signature', block, text: signature });
  }

  private stop(block: number, emit: Emit): void {
    if (this.open.delete(block)) emit({ type: 'close', block });
  }
}

const indexOf = ({ index }: JsonObject): number => (typeof index === 'number' ? index : 0);

function openedBy({ type, id, name }: JsonObject): OpenedBlock | undefined {
  if (type === 'text') return { kind: 'text' };
  if (type === 'thinking') return { kind: 'thought' };
  return type === 'tool_use' ? { kind: 'call', id: String(id), name: String(name) } : undefined;
}

/** Some upstreams begin a call with all of its input. */
function wholeInput(input: unknown): string {
  const object = objectAt(input);
  return object && Object.keys(object).length > 0 ? JSON.stringify(object) : '';
}
