import type { IncomingHttpHeaders } from 'node:http2';

/** gRPC codes by which nothing else is said, and the words that the rest of the adapter knows for them. */
const TYPES: ReadonlyMap<number, string> = new Map([
  [1, 'cancelled'],
  [4, 'deadline-exceeded'],
  [10, 'timeout'],
  [14, 'unavailable'],
]);

/** What a code of HTTP says where a server, or somebody before it, does not speak of the call itself. */
const CODES_OF_HTTP: ReadonlyMap<number, number> = new Map([
  [401, 16],
  [403, 7],
  [404, 12],
  [429, 14],
  [502, 14],
  [503, 14],
  [504, 14],
]);

const UNKNOWN = 2;

/** A call, or one append of many on a call, that did not end well, as the server says it. */
export class RpcFailure extends Error {
  override readonly name = 'RpcFailure';

  /**
   * @param code of gRPC
   * @param type the server's word for it, `not-leader`
   * @param actualVersion of a stream that is not where it was expected; undefined: there is none
   */
  constructor(
    message: string,
    readonly code: number,
    readonly type = TYPES.get(code) ?? '',
    readonly actualVersion?: bigint,
  ) {
    super(message);
  }
}

/** What the last headers of a call say, undefined when it ended well. */
export function failureIn(headers: IncomingHttpHeaders): RpcFailure | undefined {
  const given = headers['grpc-status'];
  const status = Number(headers[':status'] ?? 200);
  if (given === undefined && status === 200) return undefined;
  const code = given === undefined ? (CODES_OF_HTTP.get(status) ?? UNKNOWN) : Number(given);
  if (code === 0) return undefined;
  const exception = headers['exception'];
  const words = headers['grpc-message'];
  const message = typeof words === 'string' ? decoded(words) : `the event store answered with ${status}`;
  return new RpcFailure(message, code, typeof exception === 'string' ? exception : undefined);
}

function decoded(words: string): string {
  try {
    return decodeURIComponent(words);
  } catch {
    return words;
  }
}
