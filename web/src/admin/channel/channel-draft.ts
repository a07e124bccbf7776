import type { Channel } from '../channels/channel-queries.ts';

export const upstreamTypes = ['openai', 'azure-openai', 'anthropic', 'gemini', 'bedrock', 'vertex'] as const;
type UpstreamType = (typeof upstreamTypes)[number];

type Saved = Pick<Channel, 'endpoints' | 'auth' | 'conversion'>;
/** Bases by protocol, how each is shown a key, and what is converted. */
export type Spoken = { readonly [Name in keyof Saved]: Saved[Name] };

/** What is typed of a channel: texts, until they are sent. */
export interface ChannelDraft {
  readonly name: string;
  readonly type: UpstreamType;
  readonly baseUrl: string;
  /** A new one; never one that is there. */
  readonly secret: string;
  readonly models: string;
  readonly mapping: string;
  readonly groups: string;
  readonly priority: string;
  readonly weight: string;
  readonly testModel: string;
  /** Of a preset: which protocols upstream speaks, and how. Absent: they stay as they are, or are those of the type. */
  readonly spoken?: Spoken | undefined;
}

export const emptyDraft: ChannelDraft = {
  name: '',
  type: 'openai',
  baseUrl: '',
  secret: '',
  models: '',
  mapping: '',
  groups: 'default',
  priority: '0',
  weight: '1',
  testModel: '',
};

export const draftOf = (channel: Channel): ChannelDraft => ({
  name: channel.name,
  type: channel.type,
  baseUrl: channel.base_url,
  secret: '',
  models: channel.models.join('\n'),
  mapping: Object.entries(channel.model_mapping)
    .map((pair) => pair.join(' = '))
    .join('\n'),
  groups: channel.groups.join('\n'),
  priority: String(channel.priority),
  weight: String(channel.weight),
  testModel: channel.test_model ?? '',
  ...(Object.keys(channel.endpoints).length > 0 && {
    spoken: { endpoints: channel.endpoints, auth: channel.auth, conversion: channel.conversion },
  }),
});

const linesOf = (text: string): string[] =>
  text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** A name has no `=`; what follows the first belongs to upstream's name. A line without one is sent, and refused by the API. */
const mappingOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    linesOf(text).map((line) => {
      const [name = '', ...rest] = line.split('=');
      return [name.trim(), rest.join('=').trim()];
    }),
  );

/** An empty text is no number: the API says so beside the field. */
const numberOf = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text));

/** @param keyIds of the keys that are there, which stay */
export const bodyOf = (draft: ChannelDraft, keyIds: readonly string[] = []) => ({
  name: draft.name,
  type: draft.type,
  base_url: draft.baseUrl.trim(),
  models: linesOf(draft.models),
  model_mapping: mappingOf(draft.mapping),
  groups: linesOf(draft.groups),
  priority: numberOf(draft.priority),
  weight: numberOf(draft.weight),
  test_model: draft.testModel.trim(),
  ...draft.spoken,
  ...((draft.secret !== '' || keyIds.length === 0) && {
    keys: [...keyIds.map((id) => ({ id })), { secret: draft.secret.trim() }],
  }),
});
