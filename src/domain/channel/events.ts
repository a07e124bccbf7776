// Stored format: names and fields below are in logs for ever. A change of shape is a new version with an upcaster.
import { z } from 'zod';
import { actorField, groupField, modelField, sealedField } from '../stored/fields.js';

export const channelId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/);
export const keyId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/);

export const channelTypes = ['openai', 'azure-openai', 'anthropic', 'gemini'] as const;
export type ChannelType = (typeof channelTypes)[number];

/** Why something is out of use. `automatic`: the ledger itself found that it cannot be used. */
const outOfUse = { reason: z.string().max(500), automatic: z.boolean() };

/** One of a channel's keys, sealed under the ledger's master key; opened in the relay alone. `disabled` null: in use. */
const channelKey = z.object({
  id: keyId,
  sealed: sealedField,
  disabled: z.object(outOfUse).nullable(),
});
export type ChannelKey = z.infer<typeof channelKey>;

/** Members of the request's top level: set whatever the client sent, set where it sent none, taken out. In this order. */
const parameterOverrides = z.object({
  drop: z.array(z.string().min(1).max(100)).max(50),
  default: z.record(z.string().min(1).max(100), z.json()),
  set: z.record(z.string().min(1).max(100), z.json()),
});

/** An upstream. `*` in `models` stands for any text. */
export const channelSettings = z.object({
  name: z.string().min(1).max(100),
  type: z.enum(channelTypes),
  base_url: z.url({ protocol: /^https?$/ }).max(500),
  /** The first of them are not preferred: calls are spread over those in use. */
  keys: z.array(channelKey).min(1).max(100),
  /** Names clients call. */
  models: z.array(modelField).min(1).max(1000),
  /** Client's name -> upstream's name, where they differ. A client may call each of these names. */
  model_mapping: z.record(modelField, modelField),
  groups: z.array(groupField).min(1).max(100),
  /** Higher is tried first. */
  priority: z.int().min(-1_000_000).max(1_000_000),
  /** Share among the channels of equal priority. */
  weight: z.int().min(0).max(1_000_000),
  test_model: modelField.nullable(),
  /** Null: asked only when it is to come back from a cooldown. */
  health_check_interval_seconds: z.int().min(10).max(86_400).nullable(),
  /** Over all processes. Null: no limit. */
  max_concurrency: z.int().min(1).max(1_000_000).nullable(),
  max_calls_per_minute: z.int().min(1).max(10_000_000).nullable(),
  parameter_overrides: parameterOverrides,
  /** Headers that go upstream with every call: lower-case name -> value. */
  header_overrides: z.record(z.string().min(1).max(100), z.string().max(1000)),
  /** Headers of the client that go upstream as they are: lower-case names. */
  forward_headers: z.array(z.string().min(1).max(100)).max(50),
  /** An HTTP proxy, without its credentials. */
  proxy_url: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .nullable(),
  /** `user:password` of the proxy. */
  sealed_proxy_credentials: sealedField.nullable(),
  /** Of `azure-openai` alone; null there means its v1 API, whose paths have no deployments. */
  api_version: z.string().min(1).max(50).nullable(),
});
export type ChannelSettings = z.infer<typeof channelSettings>;

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
