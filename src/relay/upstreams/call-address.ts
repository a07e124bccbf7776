import type { ChannelSettings } from '../../domain/channel/settings.js';
import { dialectNamed } from '../dialects/all.js';
import { upstreamTypes } from './all.js';
import { upstreamModelOf } from './channel.js';

/**
 * The full address of the smallest call to a channel, for operators to see whether it is the one they meant: that of its test model, else
 * of the first model with a name. Without a key, and without asking anybody.
 */
export function callAddress(settings: ChannelSettings): string {
  const { models, test_model } = settings;
  const model = test_model ?? models.find((name) => !name.includes('*')) ?? models[0] ?? '*';
  const type = upstreamTypes[settings.type];
  const [dialect = 'openai'] = type.dialects;
  const request = dialectNamed(dialect).checkRequest(upstreamModelOf({ settings }, model));
  const { origin, path } = type.locate(settings, request);
  return origin + path;
}
