import { type Protocol, protocolNames } from '../../domain/channel/protocols.js';
import type { DialectName } from '../../domain/usage/dialects.js';

/** The dialect whose endpoints a protocol is. Of OpenAI there are several, since many upstreams have some of them alone. */
export function dialectOfProtocol(protocol: Protocol): DialectName {
  if (protocol === 'messages') return 'anthropic';
  return protocol === 'generate' ? 'gemini' : 'openai';
}

/** Every protocol of a dialect. */
export const protocolsOf = (dialect: DialectName): readonly Protocol[] =>
  protocolNames.filter((protocol) => dialectOfProtocol(protocol) === dialect);

/** By how the path of a request begins; what is not named here came before chats, or goes with them. */
const PATHS: readonly (readonly [RegExp, Protocol])[] = [
  [/^\/messages(\/|$)/, 'messages'],
  [/^\/responses(\/|$)/, 'responses'],
  [/^\/(tunedM|m)odels\/.+:/, 'generate'],
  [/^\/embeddings$/, 'embeddings'],
  [/^\/images\//, 'images'],
  [/^\/audio\//, 'audio'],
  [/^\/rerank$/, 'rerank'],
];

/** The protocol of a request, by its path below the base. */
export const protocolOfPath = (path: string): Protocol =>
  PATHS.find(([begins]) => begins.test(path))?.[1] ?? 'chat';
