import { z } from 'zod';
import { channelId } from '../../../../domain/channel/events.js';
import { protocolNames } from '../../../../domain/channel/protocols.js';
import { channelSettings, keyId } from '../../../../domain/channel/settings.js';
import { text } from '../../../fields.js';
import { changeOf } from './change.js';

const { shape } = channelSettings.omit({ sealed_proxy_credentials: true });
const outOfUse = z.object({ reason: z.string(), automatic: z.boolean() }).nullable();

export const idField = channelId.meta({ description: 'for ever', examples: ['openai-main'] });
export const reason = text(0, 500);

/** Of an existing channel what is absent stays as it is. */
export const configureInput = z.object({
  channel_id: idField,
  ...changeOf(shape),
  keys: z
    .array(
      z.union([
        z.strictObject({ id: keyId, enabled: z.boolean().optional() }),
        z.strictObject({ secret: text(1, 4096), enabled: z.boolean().optional() }),
      ]),
    )
    .min(1)
    .max(100)
    .meta({ description: 'one that is there by its id, a new one as its secret; those not named are gone' })
    .optional(),
  proxy_url: text(0, 500).meta({ description: 'with its credentials; "" for none' }).optional(),
  enabled: z.boolean().optional(),
});

export const channelData = z.object({
  channel_id: z.string(),
  enabled: z.boolean(),
  disabled: outOfUse,
  ...shape,
  call_address: z
    .string()
    .meta({ description: 'where a call is sent: that of its test model or first model' }),
  endpoint_addresses: z
    .partialRecord(z.enum(protocolNames), z.string())
    .meta({ description: 'where a call to each of its endpoints is sent' }),
  keys: z.array(
    z.object({
      id: z.string(),
      key: z.string().nullable().meta({ description: 'masked; null: not of this master key' }),
      disabled: outOfUse,
    }),
  ),
  proxy_url: z.string().nullable(),
  proxy_credentials: z.boolean(),
});
