import { type JsonObject, objectAt, textIn } from '../dialects/json/read.js';

export interface ForeignError {
  readonly message: string;
  readonly code: string | undefined;
}

/** Anthropic's and Google's words; OpenAI has a code. */
const TOO_LONG = /^prompt is too long|input token count .{1,20}exceeds the maximum/i;
const MOST_CHARACTERS = 4_096;

/** What an upstream's error says, in any dialect. */
export function readError(body: JsonObject | undefined): ForeignError {
  const error = objectAt(body?.['error']);
  const message =
    textIn(error?.['message']) ?? textIn(body?.['error']) ?? 'The upstream refused the request.';
  const code = textIn(error?.['code']) ?? (TOO_LONG.test(message) ? 'context_length_exceeded' : undefined);
  return { message: message.slice(0, MOST_CHARACTERS), code };
}
