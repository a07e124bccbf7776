import type { IncomingHttpHeaders } from 'node:http';
import type { AnswerShape } from '../../json/answer.js';
import { parseAnswer } from '../../json/read.js';
import type { ReadAnswer } from '../../read-answer.js';
import { readWhole } from '../answer.js';
import { subtitleUsage, transcriptUsage } from './usage.js';

/** What an answer in a format that is no JSON can be. */
const PLAIN_TEXT = /^(text\/(?!html)|application\/(octet-stream|x-subrip))/i;

const shape: AnswerShape = {
  isCompletion: (payload) => typeof payload['text'] === 'string',
  usageOf: transcriptUsage,
  textOf: (payload) => payload['text'] as string,
};

/** A whole transcript; `wantsText`: the client is given the text of the JSON that upstream was asked for. Never throws. */
export function readTranscript(
  status: number,
  headers: IncomingHttpHeaders,
  body: Buffer,
  wantsText: boolean,
): ReadAnswer {
  const type = headers['content-type'] ?? '';
  const payload = PLAIN_TEXT.test(type) ? parseAnswer(body) : undefined;
  if (status === 200 && PLAIN_TEXT.test(type) && !payload && body.length > 0) {
    const text = body.toString('utf8');
    return { kind: 'completion', usage: subtitleUsage(text), outputText: () => text, contentType: type };
  }
  const read = readWhole(status, body, shape);
  if (read.kind !== 'completion' || !wantsText) return read;
  const text = Buffer.from(`${read.outputText()}\n`);
  return { ...read, body: text, contentType: 'text/plain; charset=utf-8' };
}
