import type { ChannelType } from '../../domain/channel/settings.js';
import { anthropicType } from './anthropic.js';
import { azureOpenaiType } from './azure.js';
import { geminiType } from './gemini.js';
import { openaiType } from './openai.js';
import type { UpstreamType } from './type.js';

/** By the name that a channel's settings give. */
export type UpstreamTypes = Readonly<Record<ChannelType, UpstreamType>>;

/** Every kind of upstream there is. */
export const upstreamTypes: UpstreamTypes = {
  openai: openaiType,
  'azure-openai': azureOpenaiType,
  anthropic: anthropicType,
  gemini: geminiType,
};
