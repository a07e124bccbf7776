import OpenAI from 'openai';
import { channel, KEY, price, startWorld, type World } from '../../support/relay-world.js';

export const MODEL = 'gpt-4o';

/** A relay in front of one upstream at `baseUrl`, and the official client in front of the relay. Ratio 1.25, completion 4, cache 0.5. */
export async function startSdkWorld(baseUrl: string): Promise<{ world: World; client: OpenAI }> {
  const world = await startWorld({
    channels: [channel('one', baseUrl, { models: [MODEL, 'omni-moderation-latest'] })],
    prices: [
      price(MODEL, { model_ratio: '1.25', completion_ratio: '4' }),
      price('omni-moderation-latest', { model_ratio: '0' }),
    ],
  });
  return { world, client: new OpenAI({ apiKey: KEY, baseURL: `${world.url}/v1`, maxRetries: 0 }) };
}
