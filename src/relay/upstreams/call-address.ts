import { type Protocol, protocolNames } from '../../domain/channel/protocols.js';
import type { ChannelSettings } from '../../domain/channel/settings.js';
import { dialectNamed } from '../dialects/all.js';
import { upstreamTypes } from './all.js';
import { dialectsOf, protocolsSpoken, upstreamModelOf } from './channel.js';

/** Below an endpoint's base, for the protocols of which no smallest call is known. */
const PATHS: Readonly<Record<Protocol, string>> = {
  messages: '/messages',
  chat: '/chat/completions',
  responses: '/responses',
  generate: '/models/{model}:generateContent',
  embeddings: '/embeddings',
  images: '/images/generations',
  audio: '/audio/speech',
  rerank: '/rerank',
};

/** The full address of a call to each of the channel's endpoints; none where it has none of its own. */
export function endpointAddresses(settings: ChannelSettings): Partial<Record<Protocol, string>> {
  const type = upstreamTypes[settings.type];
  const called = protocolNames.filter((protocol) => settings.endpoints[protocol] !== undefined);
  const addresses = called.map((protocol) => {
    const { origin, path } = type.locate(settings, { path: PATHS[protocol], query: '', model: '' });
    return [protocol, origin + path] as const;
  });
  return Object.fromEntries(addresses);
}

/**
 * The full address of the smallest call to a channel, for operators to see whether it is the one they meant: that of its test model, else
 * of the first model with a name. Without a key, and without asking anybody.
 */
export function callAddress(settings: ChannelSettings): string {
  const { models, test_model } = settings;
  const model = test_model ?? models.find((name) => !name.includes('*')) ?? models[0] ?? '*';
  const type = upstreamTypes[settings.type];
  const [dialect = 'openai'] = dialectsOf(protocolsSpoken(type, settings));
  const request = dialectNamed(dialect).checkRequest(upstreamModelOf({ settings }, model));
  const { origin, path } = type.locate(settings, request);
  return origin + path;
}
