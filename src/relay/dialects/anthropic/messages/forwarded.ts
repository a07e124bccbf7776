import type { RequestFacts } from '../../request-facts.js';
import { Asks } from '../../request-members/asks.js';
import { judgeTrials, trialsToForward } from '../../request-members/trials.js';
import type { UpstreamRequest } from '../../upstream-request.js';

/** What upstream takes a request for that names no version. */
const DEFAULT_VERSION = '2023-06-01';

const TRIALS = 'anthropic-beta';

/** What goes to upstream beside the body. */
export const besideBody = (facts: RequestFacts): Pick<UpstreamRequest, 'query' | 'headers'> => ({
  query: queryFor(facts),
  headers: headersFor(facts),
});

/** What the trials of the header ask for that must be paid for; undefined where it has none. */
export function trialsAsked({ headers }: RequestFacts): Asks | undefined {
  const header = headers[TRIALS];
  if (header === undefined) return undefined;
  const asks = new Asks();
  judgeTrials(header, asks);
  return asks;
}

/** The client's headers that upstream must see: which version of the API, which of its trials. */
function headersFor({ headers }: RequestFacts): Record<string, string> {
  const version = textOf(headers['anthropic-version']) ?? DEFAULT_VERSION;
  const trials = trialsToForward(headers[TRIALS]);
  return trials.length === 0
    ? { 'anthropic-version': version }
    : { 'anthropic-version': version, [TRIALS]: trials.join(',') };
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
