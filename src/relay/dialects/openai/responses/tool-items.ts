import type { ToolRuns } from '../../../metering/tool-runs.js';
import { type JsonObject, listAt, objectAt } from '../../json/read.js';

/** More are no items of one response. */
const MOST = 10_000;

/**
 * The items of a response that upstream bills by the piece, each once, wherever it stands: in the events before the end, in the whole response,
 * or in both.
 */
export class ToolItems {
  private readonly kinds = new Map<string, 'searches' | 'file_searches' | 'images'>();
  private readonly containers = new Set<string>();

  /** `place`: its place in the output, for items without an id. */
  note(value: unknown, place: unknown): void {
    const item = objectAt(value);
    if (!item || this.kinds.size + this.containers.size >= MOST) return;
    const id = typeof item['id'] === 'string' ? item['id'] : `at ${String(place)}`;
    switch (item['type']) {
      case 'web_search_call':
        if (isSearch(item)) this.kinds.set(id, 'searches');
        break;
      case 'file_search_call':
        this.kinds.set(id, 'file_searches');
        break;
      case 'image_generation_call':
        if (item['status'] !== 'failed') this.kinds.set(id, 'images');
        break;
      case 'code_interpreter_call':
      case 'shell_call':
        this.noteContainer(item);
    }
  }

  noteAll(response: JsonObject): void {
    for (const [place, item] of listAt(response['output']).entries()) this.note(item, place);
  }

  get runs(): ToolRuns {
    const counts = { searches: 0, file_searches: 0, images: 0 };
    for (const kind of this.kinds.values()) counts[kind]++;
    return { ...counts, code_sessions: this.containers.size };
  }

  /** Billed by the container, however often code ran in it. A shell without one is the client's. */
  private noteContainer(item: JsonObject): void {
    const environment = objectAt(item['environment']);
    const id = item['container_id'] ?? environment?.['container_id'];
    if (typeof id === 'string') this.containers.add(id);
    else if (item['type'] === 'code_interpreter_call') this.containers.add('');
  }
}

/** A page that is opened, or searched through, is no search. */
function isSearch({ action, status }: JsonObject): boolean {
  const type = objectAt(action)?.['type'];
  return status !== 'failed' && (type === undefined || type === null || type === 'search');
}

/** Of a whole response. */
export function toolRuns(response: JsonObject): ToolRuns {
  const items = new ToolItems();
  items.noteAll(response);
  return items.runs;
}
