import type { IncomingHttpHeaders } from 'node:http';
import type { Usage } from '../../domain/pricing/usage.js';
import { readMessage } from '../dialects/anthropic/messages/answer.js';
import { errorFrame as messagesErrorFrame } from '../dialects/anthropic/errors.js';
import { MessageStream } from '../dialects/anthropic/messages/stream.js';
import type { AnswerStream } from '../dialects/answer-stream.js';
import { readChat } from '../dialects/openai/chat/answer.js';
import { errorFrame as chatErrorFrame, responseErrorFrame } from '../dialects/openai/errors.js';
import { ChoicesStream } from '../dialects/openai/chat/stream.js';
import { chatOutputText } from '../dialects/openai/chat/texts.js';
import type { JsonObject } from '../dialects/json/read.js';
import type { ReadAnswer } from '../dialects/read-answer.js';
import type { RelayError } from '../errors.js';
import type { CanonicalAnswer, CanonicalRequest } from './canonical.js';
import { ChatEventReader } from './chat/read-events.js';
import { readAnswer as readChatAnswer } from './chat/read-answer.js';
import { readRequest as readChatRequest } from './chat/read-request.js';
import { writeAnswer as writeChatAnswer } from './chat/write-answer.js';
import { writeError as writeChatError } from './chat/write-error.js';
import { ChatEventWriter } from './chat/write-events.js';
import { writeRequest as writeChatRequest } from './chat/write-request.js';
import type { AnswerContext, EventReader, EventWriter, Writing } from './codec.js';
import type { ForeignError } from './foreign-error.js';
import type { ConvertibleProtocol, TargetProtocol } from '../../domain/channel/conversion.js';
import type { Losses } from './losses.js';
import { readAnswer as readMessageAnswer } from './messages/read-answer.js';
import { MessageEventReader } from './messages/read-events.js';
import { readRequest as readMessagesRequest } from './messages/read-request.js';
import { writeAnswer as writeMessage } from './messages/write-answer.js';
import { writeError as writeMessagesError } from './messages/write-error.js';
import { MessageEventWriter } from './messages/write-events.js';
import { writeRequest as writeMessagesRequest } from './messages/write-request.js';
import { readRequest as readResponsesRequest } from './responses/read-request.js';
import { writeAnswer as writeResponse } from './responses/write-answer.js';
import { ResponseEventWriter } from './responses/write-events.js';

/** How a protocol's clients ask, and how they are answered. */
export interface ClientCodec {
  /** @throws Inconvertible */
  readRequest(body: JsonObject, losses: Losses): CanonicalRequest;
  writeAnswer(answer: CanonicalAnswer, usage: Usage, context: AnswerContext): object;
  eventWriter(context: AnswerContext): EventWriter;
  /** An upstream's error with the status that the client gets. */
  writeError(
    status: number,
    error: ForeignError,
    requestId: string,
  ): { readonly status: number; readonly body: object };
  /** The same body as a frame of a stream. */
  readonly errorEvent: string;
  readonly errorFrame: (error: RelayError, requestId: string) => Buffer;
}

/** How an upstream of a protocol is asked, and how it answers. */
export interface UpstreamCodec {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>> | undefined;
  /** All but the model and the limit of the output. @throws Inconvertible */
  writeRequest(request: CanonicalRequest, writing: Writing): JsonObject;
  /** What upstream's whole answer turns out to be, as for its own clients. */
  judge(status: number, body: Buffer): ReadAnswer;
  /** Of one that is an answer. */
  readAnswer(body: JsonObject): CanonicalAnswer;
  /** As for its own clients, with all that they could ask to be shown. */
  openStream(headers: IncomingHttpHeaders): AnswerStream;
  eventReader(): EventReader;
}

export const clientCodecs: Readonly<Record<ConvertibleProtocol, ClientCodec>> = {
  messages: {
    readRequest: readMessagesRequest,
    writeAnswer: writeMessage,
    eventWriter: (context) => new MessageEventWriter(context),
    writeError: writeMessagesError,
    errorEvent: 'event: error\n',
    errorFrame: messagesErrorFrame,
  },
  chat: {
    readRequest: readChatRequest,
    writeAnswer: writeChatAnswer,
    eventWriter: (context) => new ChatEventWriter(context),
    writeError: writeChatError,
    errorEvent: '',
    errorFrame: chatErrorFrame,
  },
  responses: {
    readRequest: readResponsesRequest,
    writeAnswer: writeResponse,
    eventWriter: (context) => new ResponseEventWriter(context),
    writeError: writeChatError,
    errorEvent: 'event: error\n',
    errorFrame: responseErrorFrame,
  },
};

export const upstreamCodecs: Readonly<Record<TargetProtocol, UpstreamCodec>> = {
  messages: {
    path: '/messages',
    headers: { 'anthropic-version': '2023-06-01' },
    writeRequest: writeMessagesRequest,
    judge: readMessage,
    readAnswer: readMessageAnswer,
    openStream: () => new MessageStream(),
    eventReader: () => new MessageEventReader(),
  },
  chat: {
    path: '/chat/completions',
    headers: undefined,
    writeRequest: writeChatRequest,
    judge: readChat,
    readAnswer: readChatAnswer,
    openStream: () => new ChoicesStream({ choices: 1, hideUsage: false, textOf: chatOutputText }),
    eventReader: () => new ChatEventReader(),
  },
};
