import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '../../api/client.ts';
import type { components } from '../../generated/api.ts';

export type Alerts = components['schemas']['OwnAlerts'];

export const alertsQuery = queryOptions({
  queryKey: ['alerts'],
  queryFn: async ({ signal }) => (await answer(api.GET('/api/user/alerts', { signal }))).data,
});
