import zlib from 'node:zlib';
import {
  STREAM,
  apart,
  candidate,
  chunks,
  events,
  generated,
  good,
  google,
  labelled,
  message,
  rewritten,
  tokens,
  type OddAnswer,
} from './pieces.js';

/** Framing, labels, encodings. */
export const shapes: readonly OddAnswer[] = [
  {
    what: 'every byte in a packet of its own',
    asked: 'chat',
    more: STREAM,
    answers: [apart(events(chunks))],
    quota: 30,
    shows: '😀',
  },
  {
    what: 'bare carriage returns, cut anywhere',
    asked: 'chat',
    more: STREAM,
    answers: [
      apart(
        rewritten(events(chunks), (all) => all.replaceAll('\n', '\r')),
        3,
      ),
    ],
    quota: 30,
    shows: '😀',
  },
  {
    what: 'both ends of lines, cut between them',
    asked: 'chat',
    more: STREAM,
    answers: [
      apart(
        rewritten(events(chunks), (all) => all.replaceAll('\n', '\r\n')),
        5,
      ),
    ],
    quota: 30,
    shows: '😀',
  },
  {
    what: 'comments and a mark of the order of bytes first',
    asked: 'chat',
    more: STREAM,
    answers: [rewritten(events(chunks), (all) => `\uFEFF: PROCESSING\n\n: PROCESSING\n\n${all}`)],
    quota: 30,
    shows: '😀',
  },
  {
    what: 'no space behind the colon, and no blank lines',
    asked: 'chat',
    more: STREAM,
    answers: [rewritten(events(chunks), (all) => all.replaceAll('data: ', 'data:').replaceAll('\n\n', '\n'))],
    quota: 30,
    shows: '😀',
  },
  {
    what: 'no label that says anything',
    asked: 'chat',
    more: STREAM,
    answers: [labelled(events(chunks), 'application/octet-stream')],
    quota: 30,
    shows: '😀',
  },
  {
    what: 'a label with a charset, in capitals',
    asked: 'chat',
    more: STREAM,
    answers: [labelled(events(chunks), 'Text/Event-Stream; Charset=UTF-8')],
    quota: 30,
    shows: '😀',
  },
  {
    what: 'gzip that no header names, cut anywhere',
    asked: 'chat',
    more: STREAM,
    answers: [
      apart(
        rewritten(events(chunks), (all) => zlib.gzipSync(all)),
        7,
      ),
    ],
    quota: 30,
    shows: '😀',
  },
  {
    what: 'gzip twice, of which the header names one',
    asked: 'chat',
    answers: [{ ...rewritten(good, (all) => zlib.gzipSync(all)), headers: { 'content-encoding': 'x-gzip' } }],
    quota: 30,
    shows: 'All is well.',
  },
  {
    what: 'Gemini’s list, cut anywhere',
    asked: 'listed',
    answers: [
      apart(
        {
          type: 'application/json',
          pieces: [JSON.stringify([{ candidates: [candidate('好')] }, generated(google(10, 5))], null, 1)],
        },
        4,
      ),
    ],
    quota: 30,
    shows: '好',
  },
  {
    what: 'no end behind the finish',
    asked: 'chat',
    more: STREAM,
    answers: [events(chunks, '')],
    quota: 30,
    shows: '😀',
  },
  {
    what: 'a finish in every chunk',
    asked: 'generated',
    answers: [
      events(
        [
          { candidates: [candidate('a', { finishReason: 'STOP' })], usageMetadata: google(10, 1) },
          { candidates: [candidate(' b', { finishReason: 'STOP' })], usageMetadata: google(10, 5) },
        ],
        '',
      ),
    ],
    quota: 30,
    shows: ' b',
  },
  {
    what: 'a whole answer in indented lines',
    asked: 'messages',
    answers: [
      {
        type: 'application/json',
        pieces: [JSON.stringify(JSON.parse(String(message(tokens(10, 5)).pieces[0])), null, 2)],
      },
    ],
    quota: 30,
  },
];
