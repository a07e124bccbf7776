import { readMessage } from '../../dialects/anthropic/messages/answer.js';
import { MessageStream } from '../../dialects/anthropic/messages/stream.js';
import { isEventStream } from '../../dialects/sse/is-event-stream.js';
import { type ClientCodec, named, type UpstreamCodec } from '../codec.js';
import { readAnswer } from './read-answer.js';
import { MessageEventReader } from './read-events.js';
import { readRequest } from './read-request.js';
import { writeAnswer } from './write-answer.js';
import { writeError } from './write-error.js';
import { MessageEventWriter } from './write-events.js';
import { writeRequest } from './write-request.js';

export const messagesClient: ClientCodec = {
  readRequest,
  writeAnswer,
  eventWriter: (context) => new MessageEventWriter(context),
  writeError,
};

export const messagesUpstream: UpstreamCodec = {
  headers: { 'anthropic-version': '2023-06-01' },
  needsLimit: true,
  address: () => ({ path: '/messages', query: '' }),
  writeRequest,
  complete: named('max_tokens'),
  judge: readMessage,
  readAnswer,
  openStream: (headers) => (isEventStream(headers) ? new MessageStream() : undefined),
  eventReader: () => new MessageEventReader(),
  counter: {
    path: () => '/messages/count_tokens',
    // What has nothing to do with the length is refused there.
    body: ({ system, messages, tools, tool_choice, thinking }, model) => {
      return { model, system, messages, tools, tool_choice, thinking };
    },
    member: 'input_tokens',
  },
};
