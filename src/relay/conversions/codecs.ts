import type { ConvertibleProtocol } from '../../domain/channel/conversion.js';
import { chatClient, chatUpstream } from './chat/codec.js';
import type { ClientCodec, UpstreamCodec } from './codec.js';
import { generateClient, generateUpstream } from './generate/codec.js';
import { messagesClient, messagesUpstream } from './messages/codec.js';
import { responsesClient, responsesUpstream } from './responses/codec.js';

export const clientCodecs: Readonly<Record<ConvertibleProtocol, ClientCodec>> = {
  messages: messagesClient,
  chat: chatClient,
  responses: responsesClient,
  generate: generateClient,
};

export const upstreamCodecs: Readonly<Record<ConvertibleProtocol, UpstreamCodec>> = {
  messages: messagesUpstream,
  chat: chatUpstream,
  responses: responsesUpstream,
  generate: generateUpstream,
};
