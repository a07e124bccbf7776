import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '../../api/client.ts';
import type { components } from '../../generated/api.ts';

export type Referral = components['schemas']['OwnReferral'];
export type Invited = components['schemas']['Invited'];

export const REFERRAL = ['referral'] as const;

/** Whom one invited, and what that brought. */
export const referralQuery = queryOptions({
  queryKey: REFERRAL,
  queryFn: async ({ signal }) => (await answer(api.GET('/api/user/referral', { signal }))).data,
});
