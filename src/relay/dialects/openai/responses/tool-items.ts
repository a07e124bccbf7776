import type { ToolRuns } from '../../../metering/tool-runs.js';
import { type JsonObject, listAt, objectAt } from '../../json/read.js';
import { markOf } from '../../mark-of.js';
import { billedSearches, reportedSearches } from '../reported-searches.js';

/** More are no items of one response. */
const MOST = 10_000;

/** Items that upstream bills by the piece, each place of the output once. */
class Tally {
  private readonly kinds = new Map<string, 'searches' | 'file_searches' | 'images'>();
  private readonly containers = new Set<string>();

  note(value: unknown, place: string): void {
    const item = objectAt(value);
    if (!item || this.kinds.size + this.containers.size >= MOST) return;
    switch (item['type']) {
      case 'web_search_call':
        if (isSearch(item)) this.kinds.set(place, 'searches');
        break;
      case 'file_search_call':
        this.kinds.set(place, 'file_searches');
        break;
      case 'image_generation_call':
        if (item['status'] !== 'failed') this.kinds.set(place, 'images');
        break;
      case 'code_interpreter_call':
      case 'shell_call':
        this.noteContainer(item);
    }
  }

  get runs(): Required<ToolRuns> {
    const counts = { searches: 0, file_searches: 0, images: 0 };
    for (const kind of this.kinds.values()) counts[kind]++;
    return { code_sessions: this.containers.size, ...counts };
  }

  /** Billed by the container, however often code ran in it. A shell without one is the client's. */
  private noteContainer(item: JsonObject): void {
    const environment = objectAt(item['environment']);
    const id = item['container_id'] ?? environment?.['container_id'];
    if (typeof id === 'string') this.containers.add(markOf(id));
    else if (item['type'] === 'code_interpreter_call') this.containers.add('');
  }
}

/**
 * What upstream ran for a response: as its events tell before the end, as the whole response does, or as its usage says, whichever tells of more. Ids need not
 * differ, so an item is known by its place. Where OpenAI says how many searches it bills (`tool_usage`), those are all.
 */
export class ToolItems {
  private readonly events = new Tally();
  private readonly whole = new Tally();
  private reported = 0;
  private billed = 0;

  /** An item in an event of its own. */
  note(item: unknown, outputIndex: unknown): void {
    const id = objectAt(item)?.['id'];
    this.events.note(
      item,
      typeof outputIndex === 'number' ? String(outputIndex) : markOf(`id ${String(id)}`),
    );
  }

  noteAll(response: JsonObject): void {
    this.reported = reportedSearches(objectAt(response['usage']));
    this.billed = billedSearches(response);
    for (const [place, item] of listAt(response['output']).entries()) this.whole.note(item, String(place));
  }

  get runs(): ToolRuns {
    const [events, whole] = [this.events.runs, this.whole.runs];
    return {
      searches: this.billed || Math.max(events.searches, whole.searches, this.reported),
      file_searches: Math.max(events.file_searches, whole.file_searches),
      images: Math.max(events.images, whole.images),
      code_sessions: Math.max(events.code_sessions, whole.code_sessions),
    };
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
