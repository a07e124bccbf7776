import zlib from 'node:zlib';
import {
  apart,
  chunks,
  counts,
  events,
  good,
  message,
  rewritten,
  STREAM,
  text,
  tokens,
  used,
  type OddAnswer,
} from './pieces.js';

/** What stands around the answer. */
export const surroundings: readonly OddAnswer[] = [
  {
    what: 'a broken frame amid others',
    asked: 'chat',
    more: STREAM,
    answers: [events([text('a'), '{"choices": [{"ind', text('b'), text('', 'stop'), used(counts(10, 5))])],
    quota: 30,
  },
  {
    what: 'choices and deltas of null',
    asked: 'chat',
    more: STREAM,
    answers: [
      events([
        { id: 'c', choices: null },
        { id: 'c', choices: [{ index: 0, delta: null }] },
        text('a'),
        text('', 'stop'),
        used(counts(10, 5)),
      ]),
    ],
    quota: 30,
  },
  {
    what: 'data over several lines',
    asked: 'chat',
    more: STREAM,
    answers: [
      {
        type: 'text/event-stream',
        pieces: [
          `data: {"id":"c",\ndata: "choices":[{"index":0,"delta":{"content":"hi"},\ndata: "finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":5}}\n\ndata: [DONE]\n\n`,
        ],
      },
    ],
    quota: 30,
    shows: 'hi',
  },
  {
    what: 'blank lines before a whole answer',
    asked: 'chat',
    answers: [rewritten(good, (t) => '\n\n\n \n' + t)],
    quota: 30,
  },
  {
    what: 'events where a whole answer was asked for',
    asked: 'chat',
    answers: [events(chunks)],
    quota: 0,
    status: 502,
  },
  {
    what: 'a header of gzip before a plain answer',
    asked: 'chat',
    answers: [{ ...good, headers: { 'content-encoding': 'gzip' } }, good],
    quota: 30,
  },
  {
    what: 'an encoding that is none',
    asked: 'chat',
    answers: [{ ...good, headers: { 'content-encoding': 'identity' } }],
    quota: 30,
  },
  {
    what: 'an encoding that nobody knows',
    asked: 'chat',
    answers: [{ ...good, headers: { 'content-encoding': 'utf-8' } }, good],
    quota: 30,
  },
  {
    what: 'gzip twice, as the header says',
    asked: 'chat',
    answers: [
      {
        ...rewritten(good, (t) => zlib.gzipSync(zlib.gzipSync(t))),
        headers: { 'content-encoding': 'gzip, gzip' },
      },
      good,
    ],
    quota: 30,
  },
  {
    what: 'br, cut anywhere',
    asked: 'messages',
    answers: [
      {
        ...apart(
          rewritten(message(tokens(10, 5)), (t) => zlib.brotliCompressSync(t)),
          3,
        ),
        headers: { 'content-encoding': 'br' },
      },
    ],
    quota: 30,
  },
  {
    what: 'a completion, streamed',
    asked: 'completions',
    more: STREAM,
    answers: [
      events([
        { choices: [{ index: 0, text: 'a' }] },
        { choices: [{ index: 0, text: '', finish_reason: 'stop' }], usage: counts(10, 5) },
      ]),
    ],
    quota: 30,
  },
  {
    what: 'stream that ends in the middle of a frame',
    asked: 'chat',
    more: STREAM,
    answers: [rewritten(events([text('one two three'), text('', 'stop')], ''), (t) => t.slice(0, -30))],
    quota: [18, 40],
    basis: 'counted',
  },
  {
    what: 'bytes that are no text',
    asked: 'chat',
    more: STREAM,
    answers: [
      {
        type: 'text/event-stream',
        pieces: [
          Buffer.concat([
            Buffer.from('data: {"choices":[{"index":0,"delta":{"content":"'),
            Buffer.from([0xff, 0xfe]),
            Buffer.from(
              '"}}]}\n\n' +
                `data: ${JSON.stringify(text('', 'stop'))}\n\ndata: ${JSON.stringify(used(counts(10, 5)))}\n\ndata: [DONE]\n\n`,
            ),
          ]),
        ],
      },
    ],
    quota: 30,
  },
];
