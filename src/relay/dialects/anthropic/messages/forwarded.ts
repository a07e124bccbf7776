import type { RequestFacts } from '../../request-facts.js';
import type { UpstreamRequest } from '../../upstream-request.js';

/** What upstream takes a request for that names no version. */
const DEFAULT_VERSION = '2023-06-01';

/** What goes to upstream beside the body. */
export const besideBody = (facts: RequestFacts): Pick<UpstreamRequest, 'query' | 'headers'> => ({
  query: queryFor(facts),
  headers: headersFor(facts),
});

/** The client's headers that upstream must see: which version of the API, which of its trials. */
function headersFor({ headers }: RequestFacts): Record<string, string> {
  const version = textOf(headers['anthropic-version']) ?? DEFAULT_VERSION;
  const beta = textOf(headers['anthropic-beta']);
  return beta === undefined
    ? { 'anthropic-version': version }
    : { 'anthropic-version': version, 'anthropic-beta': beta };
}

/** Of the query only what steers: clients of trials ask with `?beta=true`. */
function queryFor({ query }: RequestFacts): string {
  const beta = query.get('beta');
  return beta === null ? '' : `?${new URLSearchParams({ beta }).toString()}`;
}

function textOf(header: string | string[] | undefined): string | undefined {
  const text = Array.isArray(header) ? header.join(',') : header;
  return text === '' ? undefined : text;
}
