import { readResponse } from '../../dialects/openai/responses/answer.js';
import { ResponseStream } from '../../dialects/openai/responses/stream.js';
import { isEventStream } from '../../dialects/sse/is-event-stream.js';
import { writeError } from '../chat/write-error.js';
import { type ClientCodec, namedAndCached, type UpstreamCodec } from '../codec.js';
import { readAnswer } from './read-answer.js';
import { ResponseEventReader } from './read-events.js';
import { readRequest } from './read-request.js';
import { writeAnswer } from './write-answer.js';
import { ResponseEventWriter } from './write-events.js';
import { writeRequest } from './write-request.js';

export const responsesClient: ClientCodec = {
  readRequest,
  writeAnswer,
  eventWriter: (context) => new ResponseEventWriter(context),
  writeError,
};

export const responsesUpstream: UpstreamCodec = {
  headers: undefined,
  needsLimit: false,
  address: () => ({ path: '/responses', query: '' }),
  writeRequest,
  complete: namedAndCached('max_output_tokens'),
  judge: readResponse,
  readAnswer,
  openStream: (headers) => (isEventStream(headers) ? new ResponseStream() : undefined),
  eventReader: () => new ResponseEventReader(),
};
