import type { ChannelType } from '../../domain/channel/settings.js';
import { anthropicType } from './anthropic.js';
import { azureOpenaiType } from './azure.js';
import { createBedrockType } from './bedrock/type.js';
import { geminiType } from './gemini.js';
import { openaiType } from './openai.js';
import { type TokenSource, withTokens } from './tokens/shown-token.js';
import type { UpstreamType } from './type.js';
import { createVertexType } from './vertex/type.js';

/** By the name that a channel's settings give. */
export type UpstreamTypes = Readonly<Record<ChannelType, UpstreamType>>;

/** Every kind of upstream there is. */
export const createUpstreamTypes = (tokens: TokenSource): UpstreamTypes => ({
  openai: withTokens(openaiType, tokens),
  'azure-openai': withTokens(azureOpenaiType, tokens),
  anthropic: withTokens(anthropicType, tokens),
  gemini: withTokens(geminiType, tokens),
  bedrock: createBedrockType(),
  vertex: createVertexType(tokens),
});

/** The same for whoever only asks where calls go: nobody gives them tokens. */
export const upstreamTypes = createUpstreamTypes({
  tokenFor: () => Promise.reject(new Error('there are no tokens here')),
  reject: () => undefined,
});
