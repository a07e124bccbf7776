import type { UpstreamRequest } from './upstream-request.js';

/** What a model is asked to see whether it answers. */
export const CHECK_TEXT = 'ping';

/** The smallest call, from its path and its body. */
export const checkRequestOf = (
  model: string,
  {
    path,
    json,
    headers,
  }: Pick<UpstreamRequest, 'path'> & {
    readonly json: object;
    readonly headers?: UpstreamRequest['headers'];
  },
): UpstreamRequest => ({ path, query: '', model, headers, body: Buffer.from(JSON.stringify(json)) });
