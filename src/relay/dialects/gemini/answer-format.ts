import { invalidRequest } from '../json/body.js';

/** How a client wants its answer: `alt` and `$alt` are the only members of the query that go on to upstream. */
export interface AnswerFormat {
  readonly framing: 'json' | 'sse';
  /** For upstream, with its question mark; empty for none. */
  readonly query: string;
}

/** Enums as numbers is how clients generated from the protos ask. */
const FORMAT = /^(json|sse)(;enum-encoding=int)?$/;

/** @throws CallRefused `invalid_request` for a format that is unknown, or given twice */
export function answerFormat(query: URLSearchParams): AnswerFormat {
  const given = ['alt', '$alt'].flatMap((name) => query.getAll(name).map((value) => ({ name, value })));
  const [first, second] = given;
  if (!first) return { framing: 'json', query: '' };
  const framing = FORMAT.exec(first.value)?.[1] as AnswerFormat['framing'] | undefined;
  if (second || !framing) {
    throw invalidRequest('"alt" must appear once, and be "json" or "sse".', 'alt');
  }
  return { framing, query: `?${first.name}=${encodeURIComponent(first.value)}` };
}
