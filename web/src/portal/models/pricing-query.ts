import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { answer, api } from '../../api/client.ts';
import { given } from '../../api/given.ts';
import { personQuery } from '../../session/person.ts';

/** What is on offer, in dollars for a group; without one all of it, and whose groups there are. */
export const pricingQuery = (group?: string) => {
  const query = given({ group });
  return queryOptions({
    queryKey: ['pricing', query],
    queryFn: ({ signal }) => answer(api.GET('/api/pricing', { signal, params: { query } })),
    staleTime: 60_000,
  });
};
export type Pricing = NonNullable<
  Awaited<ReturnType<NonNullable<ReturnType<typeof pricingQuery>['queryFn']>>>
>;
export type Offered = Pricing['data'][number];

/** What whoever is signed in may call, and what it costs them; undefined until it is known. */
export function useMyModels(): readonly Offered[] | undefined {
  const { data: person } = useQuery(personQuery);
  const { data: pricing } = useQuery({ ...pricingQuery(person?.group), enabled: person !== undefined });
  return pricing?.data;
}

/** What a call of so many tokens would cost, by what charges calls. */
export const estimateQuery = (asked: {
  readonly model: string;
  readonly group: string;
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
}) =>
  queryOptions({
    queryKey: ['pricing', 'estimate', asked],
    queryFn: async ({ signal }) =>
      (await answer(api.GET('/api/pricing/estimate', { signal, params: { query: asked } }))).data,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
