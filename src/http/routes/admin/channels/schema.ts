import { z } from 'zod';
import { channelId, channelSettings, channelTypes, keyId } from '../../../../domain/channel/events.js';
import { text } from '../../../fields.js';

const { shape } = channelSettings;
const outOfUse = z.object({ reason: z.string(), automatic: z.boolean() }).nullable();

/** Any JSON; the domain looks closer. */
const overrides = z.object({
  drop: z.array(z.string()),
  default: z.record(z.string(), z.unknown()),
  set: z.record(z.string(), z.unknown()),
});

export const idField = channelId.meta({ description: 'for ever', examples: ['openai-main'] });
export const reason = text(0, 500);

/** Of an existing channel what is absent stays as it is. */
export const configureInput = z.object({
  channel_id: idField,
  name: text(1, 100).optional(),
  type: z.enum(channelTypes).optional(),
  base_url: shape.base_url.optional(),
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
  models: shape.models.optional(),
  model_mapping: shape.model_mapping.optional(),
  groups: shape.groups.optional(),
  priority: shape.priority.optional(),
  weight: shape.weight.optional(),
  test_model: text(0, 200).meta({ description: '"" for none' }).optional(),
  health_check_interval_seconds: z
    .union([shape.health_check_interval_seconds.unwrap(), z.literal(0)])
    .meta({ description: '0 for none' })
    .optional(),
  max_concurrency: z
    .union([shape.max_concurrency.unwrap(), z.literal(0)])
    .meta({ description: '0 for no limit' })
    .optional(),
  max_calls_per_minute: z
    .union([shape.max_calls_per_minute.unwrap(), z.literal(0)])
    .meta({ description: '0 for no limit' })
    .optional(),
  parameter_overrides: overrides.partial().optional(),
  header_overrides: z.record(z.string().toLowerCase(), z.string().max(1000)).optional(),
  forward_headers: z.array(z.string().toLowerCase()).max(50).optional(),
  proxy_url: text(0, 500).meta({ description: 'with its credentials; "" for none' }).optional(),
  api_version: text(0, 50).meta({ description: 'of azure-openai; "" for none' }).optional(),
  enabled: z.boolean().optional(),
});

export const channelData = z.object({
  channel_id: z.string(),
  enabled: z.boolean(),
  disabled: outOfUse,
  name: z.string(),
  type: z.enum(channelTypes),
  base_url: z.string(),
  keys: z.array(
    z.object({
      id: z.string(),
      key: z.string().nullable().meta({ description: 'masked; null: not of this master key' }),
      disabled: outOfUse,
    }),
  ),
  models: shape.models,
  model_mapping: shape.model_mapping,
  groups: shape.groups,
  priority: z.int(),
  weight: z.int(),
  test_model: z.string().nullable(),
  health_check_interval_seconds: z.int().nullable(),
  max_concurrency: z.int().nullable(),
  max_calls_per_minute: z.int().nullable(),
  parameter_overrides: overrides,
  header_overrides: shape.header_overrides,
  forward_headers: z.array(z.string()),
  proxy_url: z.string().nullable(),
  proxy_credentials: z.boolean(),
  api_version: z.string().nullable(),
});
