// Stored format: names and fields below are in logs for ever. A change of shape is a new version with an upcaster.
import { z } from 'zod';
import { actorField } from '../stored/fields.js';
import { channelSettings, keyId, outOfUse } from './settings.js';

export const channelId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/);

export const channelEvents = {
  'channel-configured': z.object({ channel_id: channelId, settings: channelSettings, by: actorField }),
  'channel-enabled': z.object({ channel_id: channelId, by: actorField }),
  'channel-disabled': z.object({ channel_id: channelId, ...outOfUse, by: actorField }),
  'channel-key-enabled': z.object({ channel_id: channelId, key_id: keyId, by: actorField }),
  'channel-key-disabled': z.object({
    channel_id: channelId,
    key_id: keyId,
    ...outOfUse,
    by: actorField,
  }),
};
