// Stored format: names and fields below are in logs for ever. A change of shape is a new version of `channel-configured` with an upcaster.
import { z } from 'zod';
import { groupField, modelField, sealedField } from '../stored/fields.js';
import { defaultsOf, withoutDefaults } from '../stored/defaults.js';
import { allowances } from './allowances.js';
import { balanceQueries } from './balance-queries.js';
import { convertibleProtocols, quirks } from './conversion.js';
import { keyPlaces, protocolNames } from './protocols.js';

export const keyId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/);

export const channelTypes = ['openai', 'azure-openai', 'anthropic', 'gemini', 'bedrock', 'vertex'] as const;
export type ChannelType = (typeof channelTypes)[number];

/** Why something is out of use. `automatic`: the ledger itself found that it cannot be used. */
export const outOfUse = { reason: z.string().max(500), automatic: z.boolean() };

/** One of a channel's keys, sealed under the ledger's master key; opened in the relay alone. `disabled` null: in use. */
const channelKey = z.object({
  id: keyId,
  sealed: sealedField,
  disabled: z.object(outOfUse).nullable(),
});
export type ChannelKey = z.infer<typeof channelKey>;

const httpAddress = z.url({ protocol: /^https?$/ }).max(500);
/** Headers' names count whatever their case is; they are stored in lower case. */
const headerName = z.string().min(1).max(100).toLowerCase();
const member = z.string().min(1).max(100);
/** Any JSON: its own schema is endless, and nothing that is made of this one could show it. */
const json = z.unknown().refine((value) => z.json().safeParse(value).success, 'is no JSON');

const parameterOverrides = z.strictObject({
  drop: z.array(member).max(50).meta({ description: 'taken out' }).default([]),
  default: z.record(member, json).meta({ description: 'set where the client sent none' }).default({}),
  set: z.record(member, json).meta({ description: 'set whatever the client sent' }).default({}),
});

const conversion = z.strictObject({
  from: z
    .array(z.enum(convertibleProtocols))
    .max(convertibleProtocols.length)
    .meta({
      description: 'protocols whose calls it takes though it does not speak them; none: no conversion',
    })
    .default([]),
  on_loss: z
    .enum(['drop', 'refuse'])
    .meta({ description: 'what becomes of a call of which something would be lost' })
    .default('drop'),
  quirks: z
    .array(z.enum(quirks))
    .max(quirks.length)
    .meta({ description: 'how it departs from what its protocol says' })
    .default([]),
});

/** Where tokens that expire are fetched; what proves who asks for them is the channel's key. All of it is the operator's own. */
const oauth = z.strictObject({
  token_url: httpAddress.meta({ description: 'the endpoint that gives tokens out' }),
  client_id: z.string().max(200).meta({ description: 'empty for none' }).default(''),
  scopes: z.array(z.string().min(1).max(200)).max(50).default([]),
});
export type OauthSettings = z.infer<typeof oauth>;

/**
 * Every setting of a channel, once: what it may be, what it is where nobody says, and what it does. Stored settings, the bootstrap file and
 * the admin API are made of this.
 */
const fields = {
  name: z.string().min(1).max(100).meta({ description: 'what operators call it' }),
  type: z.enum(channelTypes).meta({ description: 'what kind of upstream it is' }).default('openai'),
  base_url: httpAddress.meta({ description: 'with or without the version of its API; without credentials' }),
  endpoints: z
    .partialRecord(z.enum(protocolNames), httpAddress)
    .meta({
      description:
        'where each protocol is spoken, with the same keys: whole bases, to which nothing is added. Protocols that are not named are not spoken; none named: those of the type, below base_url',
    })
    .default({}),
  auth: z
    .union([z.enum(keyPlaces), z.partialRecord(z.enum(protocolNames), z.enum(keyPlaces))])
    .meta({
      description: "how endpoints are shown the key, all of them or each; own: as the protocol's clients do",
    })
    .default('own'),
  conversion: conversion
    .meta({ description: 'calls that are converted to one of its protocols (docs/conversion.md)' })
    .prefault({}),
  keys: z
    .array(channelKey)
    .min(1)
    .max(100)
    .meta({ description: 'the first are not preferred: calls are spread over those in use' }),
  models: z
    .array(modelField)
    .min(1)
    .max(1000)
    .meta({ description: 'names that clients call; * stands for any text' }),
  model_mapping: z
    .record(modelField, modelField)
    .meta({
      description: "client's name -> upstream's name, where they differ; each client's name is served",
    })
    .default({}),
  groups: z
    .array(groupField)
    .min(1)
    .max(100)
    .meta({ description: 'groups that may use it' })
    .default(['default']),
  priority: z
    .int()
    .min(-1_000_000)
    .max(1_000_000)
    .meta({ description: 'the higher is tried first' })
    .default(0),
  weight: z
    .int()
    .min(0)
    .max(1_000_000)
    .meta({ description: 'share among the channels of equal priority' })
    .default(1),
  test_model: modelField
    .nullable()
    .meta({ description: 'the model that tests and health checks ask' })
    .default(null),
  health_check_interval_seconds: z
    .int()
    .min(10)
    .max(86_400)
    .nullable()
    .meta({ description: 'seconds between health checks; without: only after a cooldown' })
    .default(null),
  max_concurrency: z
    .int()
    .min(1)
    .max(1_000_000)
    .nullable()
    .meta({ description: 'calls at once, over all processes' })
    .default(null),
  max_calls_per_minute: z
    .int()
    .min(1)
    .max(10_000_000)
    .nullable()
    .meta({ description: 'over all processes' })
    .default(null),
  parameter_overrides: parameterOverrides
    .meta({ description: "members of the request's top level" })
    .prefault({}),
  header_overrides: z
    .record(headerName, z.string().max(1000))
    .meta({ description: 'headers that go upstream with every call' })
    .default({}),
  forward_headers: z
    .array(headerName)
    .max(50)
    .meta({ description: "names of the client's headers that go upstream as they are" })
    .default([]),
  proxy_url: httpAddress.nullable().meta({ description: 'an HTTP proxy that takes CONNECT' }).default(null),
  sealed_proxy_credentials: sealedField
    .nullable()
    .meta({ description: '`user:password` of the proxy' })
    .default(null),
  api_version: z
    .string()
    .min(1)
    .max(50)
    .nullable()
    .meta({ description: 'of azure-openai alone; without: its v1 API, whose paths have no deployments' })
    .default(null),
  region: z
    .string()
    .min(1)
    .max(40)
    .nullable()
    .meta({ description: 'of bedrock alone, where base_url does not name it' })
    .default(null),
  oauth: oauth
    .nullable()
    .meta({
      description:
        'its keys are no keys but what tokens are fetched with (docs/operators.md); without: upstream is shown the key',
    })
    .default(null),
  balance: z
    .enum(balanceQueries)
    .nullable()
    .meta({ description: 'how its provider is asked what is left; without: it is not asked' })
    .default(null),
  allowed_members: z
    .array(z.enum(allowances))
    .max(allowances.length)
    .meta({
      description:
        'what requests may ask for here though no price covers it, because it costs nothing at this upstream (docs/request-members.md)',
    })
    .default(['searches']),
};

/** Whole, as they are stored: each says what it is. */
export const channelSettings = withoutDefaults(z.object(fields));
export type ChannelSettings = z.infer<typeof channelSettings>;

/** Keys and proxy apart: they carry secrets, which are given open and stored sealed. */
const secrets = { keys: true, proxy_url: true, sealed_proxy_credentials: true } as const;

/** What is said of a channel in the open, with defaults. */
export const saidOptions = z.object(fields).omit(secrets);
/** The same where nothing has a default. */
export const channelOptions = channelSettings.omit(secrets);
export type ChannelOptions = z.infer<typeof channelOptions>;

/** What a new channel is where nothing is said. */
export const optionDefaults = defaultsOf(saidOptions);

/** A proxy's address; it may carry credentials where it is said, never where it is stored. */
export const proxyAddress = channelSettings.shape.proxy_url;
