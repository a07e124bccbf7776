import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answer, api } from '../../api/client.ts';
import type { components } from '../../generated/api.ts';
import type { LogsSearch } from './logs-search.ts';

export type LogRow = components['schemas']['OwnLogRow'];
export type Explanation = components['schemas']['OwnExplanation'];

const PAGE = 50;

/** The filter as the API takes it. */
export const filterOf = ({ type, model, key, from, to, q }: LogsSearch) => ({
  ...(type && { type }),
  ...(model !== undefined && { model }),
  ...(key !== undefined && { token_id: key }),
  ...(from !== undefined && { from }),
  ...(to !== undefined && { to }),
  ...(q !== undefined && { reference: q }),
});

/** One page of calls and movements, the newest first. */
export const logsQuery = (search: LogsSearch, limit = PAGE) => {
  const query = { ...filterOf(search), limit, ...(search.cursor !== undefined && { cursor: search.cursor }) };
  return queryOptions({
    queryKey: ['logs', query],
    queryFn: async ({ signal }) =>
      (await answer(api.GET('/api/user/logs', { signal, params: { query } }))).data,
    placeholderData: keepPreviousData,
  });
};

/** A row with what it came from. */
export const logQuery = (id: string) =>
  queryOptions({
    queryKey: ['logs', 'one', id],
    queryFn: async ({ signal }) =>
      (await answer(api.GET('/api/user/logs/{id}', { signal, params: { path: { id } } }))).data,
  });

/** Where all that the filter finds is written, not the page alone. */
export const exportAddress = (search: LogsSearch): string => {
  const query = new URLSearchParams(
    Object.entries(filterOf(search)).map(([name, value]) => [name, String(value)]),
  );
  return `/api/user/logs/export?${query.toString()}`;
};
