import { isEventStream } from '../../dialects/sse/is-event-stream.js';
import { readChat } from '../../dialects/openai/chat/answer.js';
import { ChoicesStream } from '../../dialects/openai/chat/stream.js';
import { chatOutputText } from '../../dialects/openai/chat/texts.js';
import { type ClientCodec, namedAndCached, type UpstreamCodec } from '../codec.js';
import { readAnswer } from './read-answer.js';
import { ChatEventReader } from './read-events.js';
import { readRequest } from './read-request.js';
import { writeAnswer } from './write-answer.js';
import { writeError } from './write-error.js';
import { ChatEventWriter } from './write-events.js';
import { writeRequest } from './write-request.js';

export const chatClient: ClientCodec = {
  readRequest,
  writeAnswer,
  eventWriter: (context) => new ChatEventWriter(context),
  writeError,
};

export const chatUpstream: UpstreamCodec = {
  headers: undefined,
  needsLimit: false,
  address: () => ({ path: '/chat/completions', query: '' }),
  writeRequest,
  complete: namedAndCached(),
  judge: readChat,
  readAnswer,
  openStream: (headers) =>
    isEventStream(headers)
      ? new ChoicesStream({ choices: 1, hideUsage: false, textOf: chatOutputText })
      : undefined,
  eventReader: (callId) => new ChatEventReader(callId),
};
