import { bothNames } from '../proto-names.js';
import { type JsonObject, listAt, objectAt } from '../../json/read.js';
import { markOf } from '../../mark-of.js';

const MEMBERS = bothNames('groundingMetadata');
/** More are no searches of one call. */
const MOST = 10_000;

/** The searches behind an answer, or the payloads of a stream: Google bills each distinct query once. */
export class GroundingSearches {
  private readonly queries = new Set<string>();
  private grounded = false;

  note(payload: JsonObject): void {
    for (const value of listAt(payload['candidates'])) {
      const metadata = objectAt(objectAt(value)?.['groundingMetadata']);
      if (!metadata) continue;
      const queries = [...listAt(metadata['webSearchQueries']), ...listAt(metadata['imageSearchQueries'])];
      for (const query of queries) {
        if (typeof query === 'string' && query.trim() !== '' && this.queries.size < MOST)
          this.queries.add(markOf(query.trim()));
      }
      this.grounded ||= listAt(metadata['groundingChunks']).some((chunk) =>
        objectAt(objectAt(chunk)?.['web']),
      );
    }
  }

  /** Pages without the queries that found them are of one search. */
  get count(): number {
    return this.queries.size === 0 && this.grounded ? 1 : this.queries.size;
  }
}

/** Whether a payload may tell of searches: it is read then. */
export const mayTellSearches = (unit: Buffer): boolean => MEMBERS.some((name) => unit.includes(name));

/** Of a whole answer. */
export function searchesOf(payload: JsonObject): number {
  const searches = new GroundingSearches();
  searches.note(payload);
  return searches.count;
}
