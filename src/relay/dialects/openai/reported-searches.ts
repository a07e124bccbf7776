import { type JsonObject, objectAt } from '../json/read.js';

/**
 * Searches of the web where a usage itself tells how many there were: Perplexity, OpenRouter, xAI, of a chat or of a response. xAI's
 * searches of X cost what those of the web do.
 */
export function reportedSearches(usage: JsonObject | undefined): number {
  const server = objectAt(usage?.['server_side_tool_usage_details']);
  const counts = [
    countIn(usage?.['num_search_queries']),
    countIn(objectAt(usage?.['server_tool_use'])?.['web_search_requests']),
    countIn(server?.['web_search_calls']) + countIn(server?.['x_search_calls']),
  ];
  return counts.find((count) => count > 0) ?? 0;
}

/** Searches that OpenAI bills for a response, in its `tool_usage`: without those at a discount. 0 where it does not say. */
export function billedSearches(response: JsonObject): number {
  return countIn(objectAt(objectAt(response['tool_usage'])?.['web_search'])?.['num_requests']);
}

const countIn = (value: unknown): number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0;
