import type { ChannelType } from '../../domain/channel/events.js';
import type { DialectName } from '../dialects/dialect-name.js';
import type { Channel } from '../channels/channel.js';
import { anthropicType } from './anthropic.js';
import { azureOpenaiType } from './azure.js';
import { geminiType } from './gemini.js';
import { openaiType } from './openai.js';
import type { UpstreamType } from './type.js';

/** Every kind of upstream there is. */
const types: Readonly<Record<ChannelType, UpstreamType>> = {
  openai: openaiType,
  'azure-openai': azureOpenaiType,
  anthropic: anthropicType,
  gemini: geminiType,
};

export function upstreamTypeOf(channel: Pick<Channel, 'settings'>): UpstreamType {
  return types[channel.settings.type];
}

export function speaks(channel: Pick<Channel, 'settings'>, dialect: DialectName): boolean {
  return upstreamTypeOf(channel).dialects.includes(dialect);
}
