import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '../../api/client.ts';

/** A cooldown ends without a word: it is looked at often while the page is open. */
const STATES_EVERY_MS = 5_000;

export const channelsQuery = queryOptions({
  queryKey: ['admin', 'channels'],
  queryFn: async ({ signal }) => (await answer(api.GET('/api/admin/channels', { signal }))).data.channels,
});
export type Channel = Awaited<ReturnType<NonNullable<(typeof channelsQuery)['queryFn']>>>[number];

export const statesQuery = queryOptions({
  queryKey: ['admin', 'channel-states'],
  queryFn: async ({ signal }) =>
    (await answer(api.GET('/api/admin/channel-states', { signal }))).data.channels,
  refetchInterval: STATES_EVERY_MS,
});
export type ChannelHealth = Awaited<ReturnType<NonNullable<(typeof statesQuery)['queryFn']>>>[number];

/** Who gets the next call, by the rule of the relay itself. */
export const nextCallQuery = (asked: {
  readonly model: string;
  readonly group: string;
  readonly protocol: Protocol;
}) =>
  queryOptions({
    queryKey: ['admin', 'next-call', asked],
    queryFn: async ({ signal }) =>
      (await answer(api.GET('/api/admin/next-call', { signal, params: { query: asked } }))).data,
    enabled: asked.model !== '' && asked.group !== '',
    refetchInterval: STATES_EVERY_MS,
  });
export type NextCall = Awaited<ReturnType<NonNullable<ReturnType<typeof nextCallQuery>['queryFn']>>>;

export const protocols = ['chat', 'messages', 'responses', 'generate'] as const;
export type Protocol = (typeof protocols)[number];

export const channelQuery = (id: string) =>
  queryOptions({
    queryKey: ['admin', 'channels', id],
    queryFn: async ({ signal }) =>
      (
        await answer(
          api.GET('/api/admin/channels/{channel_id}', { signal, params: { path: { channel_id: id } } }),
        )
      ).data,
  });

export const stateQuery = (id: string) =>
  queryOptions({
    queryKey: ['admin', 'channel-states', id],
    queryFn: async ({ signal }) =>
      (
        await answer(
          api.GET('/api/admin/channels/{channel_id}/state', { signal, params: { path: { channel_id: id } } }),
        )
      ).data,
    refetchInterval: STATES_EVERY_MS,
  });
