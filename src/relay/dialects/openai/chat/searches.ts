import { type JsonObject, listAt, objectAt } from '../../json/read.js';
import { reportedSearches } from '../reported-searches.js';

/** Whether an answer, or a chunk of a stream, cites pages that a search found. */
function cites(payload: JsonObject): boolean {
  if (listAt(payload['citations']).length > 0 || listAt(payload['search_results']).length > 0) return true;
  return listAt(payload['choices']).some((value) => {
    const choice = objectAt(value);
    const message = objectAt(choice?.['delta']) ?? objectAt(choice?.['message']);
    return listAt(message?.['annotations']).some((note) => objectAt(note)?.['type'] === 'url_citation');
  });
}

/** The searches of a chat: as many as upstream says, and one where it says nothing and cites what it found. */
export class ChatSearches {
  private reported = 0;
  /** Pages were cited: more of them say nothing new. */
  hasCited = false;

  note(payload: JsonObject): void {
    this.reported = Math.max(this.reported, reportedSearches(objectAt(payload['usage'])));
    this.hasCited ||= cites(payload);
  }

  get count(): number {
    return this.reported === 0 && this.hasCited ? 1 : this.reported;
  }
}

/** Of a whole answer. */
export function searchesOf(payload: JsonObject): number {
  const searches = new ChatSearches();
  searches.note(payload);
  return searches.count;
}
