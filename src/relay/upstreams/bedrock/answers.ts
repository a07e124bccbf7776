import type { IncomingHttpHeaders } from 'node:http';
import { errorText } from '../anthropic-error.js';
import type { AnswerDecoder } from '../type.js';
import { membersIn, WholeAnswer } from '../whole-answer.js';
import { typeOf } from './errors.js';
import { type EventFrame, EventFrames } from './event-frames.js';

const NOTHING = Buffer.alloc(0);
const LABEL = /^application\/vnd\.amazon\.eventstream/i;
/** What Bedrock adds to the last event: it is not Anthropic's. */
const METRICS = 'amazon-bedrock-invocationMetrics';

/** How an answer of Bedrock becomes one of Anthropic; undefined: it is one. */
export function decodeBedrock(
  status: number,
  headers: IncomingHttpHeaders,
  path: string,
): AnswerDecoder | undefined {
  if (status >= 400) {
    const exception = headers['x-amzn-errortype'];
    const named = typeof exception === 'string' ? exception : '';
    return new WholeAnswer(headers, (body) => errorText(typeOf(named, status), messageIn(body)));
  }
  if (LABEL.test(headers['content-type'] ?? '')) return new EventStreamAnswer(headers);
  if (path.endsWith('/count_tokens')) return new WholeAnswer(headers, countIn);
  return undefined;
}

function messageIn(body: Buffer): string {
  const { message, Message } = membersIn(body);
  const text = message ?? Message;
  return typeof text === 'string' ? text : '';
}

function countIn(body: Buffer): string {
  const { inputTokens } = membersIn(body);
  return JSON.stringify({ input_tokens: inputTokens });
}

/** Anthropic's events out of binary frames. */
class EventStreamAnswer implements AnswerDecoder {
  readonly headers: IncomingHttpHeaders;
  private readonly frames = new EventFrames();

  constructor(headers: IncomingHttpHeaders) {
    this.headers = { ...headers, 'content-type': 'text/event-stream' };
  }

  push(chunk: Buffer): Buffer {
    let text = '';
    for (const frame of this.frames.push(chunk)) text += eventOf(frame);
    return text === '' ? NOTHING : Buffer.from(text);
  }

  finish(): Buffer {
    if (!this.frames.isWhole) throw new Error('the last message is not whole');
    return NOTHING;
  }
}

function eventOf({ headers, payload }: EventFrame): string {
  const kind = headers.get(':message-type');
  if (kind === 'exception' || kind === 'error') {
    const name = headers.get(':exception-type') ?? headers.get(':error-code') ?? '';
    return eventText(errorText(typeOf(name, 0), headers.get(':error-message') ?? messageIn(payload)));
  }
  const { bytes } = membersIn(payload);
  // Anything else than a chunk is nothing that a client knows.
  return typeof bytes === 'string' ? eventText(Buffer.from(bytes, 'base64').toString('utf8')) : '';
}

const PLAIN = /^\{"type":"([a-z_]{1,40})"[^\n\r]*$/;

function eventText(json: string): string {
  const type = json.includes(METRICS) ? undefined : PLAIN.exec(json)?.[1];
  if (type !== undefined) return `event: ${type}\ndata: ${json}\n\n`;
  const event = membersIn(json);
  // A member that is undefined is not written.
  return `event: ${String(event['type'])}\ndata: ${JSON.stringify({ ...event, [METRICS]: undefined })}\n\n`;
}
