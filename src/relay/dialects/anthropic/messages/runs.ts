import type { ToolRuns } from '../../../metering/tool-runs.js';
import { type JsonObject, listAt, objectAt } from '../../json/read.js';

/** What upstream ran for a whole message, as its blocks show it: not every gateway counts it in the usage. */
export function runsOf(message: JsonObject): ToolRuns {
  return {
    searches: listAt(message['content']).filter(isSearchResult).length,
    code_sessions: objectAt(message['container']) ? 1 : 0,
  };
}

/** Of a search that found something, or nothing; one that failed is not billed, and has an error in the place of its results. */
export function isSearchResult(value: unknown): boolean {
  const block = objectAt(value);
  return block?.['type'] === 'web_search_tool_result' && Array.isArray(block['content']);
}
