import type { IncomingHttpHeaders } from 'node:http';

/** What is known of a request beside its body. */
export interface RequestFacts {
  /** Of the path's pattern, decoded. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  readonly query: URLSearchParams;
  /** Of the client, where it is known. */
  readonly address?: string | undefined;
}
