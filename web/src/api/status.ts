import { queryOptions, useQuery } from '@tanstack/react-query';
import { answer, api } from './client.ts';

/** What this service is, and the zone in which its days begin. */
export const statusQuery = queryOptions({
  queryKey: ['status'],
  queryFn: async ({ signal }) => (await answer(api.GET('/api/status', { signal }))).data,
  staleTime: 60_000,
});

/** The ledger's zone, in which its days begin; UTC until the service has said it. */
export const useZone = (): string => useQuery(statusQuery).data?.timezone ?? 'UTC';
