// Stored format: names and fields below are in logs for ever. A change of shape is a new version with an upcaster.
import { z } from 'zod';
import { actorField, groupField, modelField, sealedField } from '../events/fields.js';

export const channelId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/);

/** An upstream. The key is sealed under the ledger's master key and never leaves the relay. */
export const channelSettings = z.object({
  name: z.string().min(1).max(100),
  type: z.enum(['openai']),
  base_url: z.url({ protocol: /^https?$/ }).max(500),
  sealed_api_key: sealedField,
  /** Names clients call. */
  models: z.array(modelField).min(1).max(1000),
  /** Client's name -> upstream's name, where they differ. */
  model_mapping: z.record(modelField, modelField),
  groups: z.array(groupField).min(1).max(100),
  /** Higher is tried first. */
  priority: z.int().min(-1_000_000).max(1_000_000),
  /** Share among the channels of equal priority. */
  weight: z.int().min(0).max(1_000_000),
  test_model: modelField.nullable(),
});
export type ChannelSettings = z.infer<typeof channelSettings>;

export const channelEvents = {
  'channel-configured.v1': z.object({ channel_id: channelId, settings: channelSettings, by: actorField }),
  'channel-enabled.v1': z.object({ channel_id: channelId, by: actorField }),
  'channel-disabled.v1': z.object({ channel_id: channelId, reason: z.string().max(500), by: actorField }),
};
