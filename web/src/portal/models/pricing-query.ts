import { queryOptions, useQuery } from '@tanstack/react-query';
import { answer, api } from '../../api/client.ts';
import { personQuery } from '../../session/person.ts';

/** All that is on offer, to whom, and at which price. */
export const pricingQuery = queryOptions({
  queryKey: ['pricing'],
  queryFn: ({ signal }) => answer(api.GET('/api/pricing', { signal })),
  staleTime: 60_000,
});
export type Pricing = NonNullable<Awaited<ReturnType<NonNullable<(typeof pricingQuery)['queryFn']>>>>;
export type Offered = Pricing['data'][number];

/** What whoever is signed in may call; undefined until it is known. */
export function useMyModels(): readonly Offered[] | undefined {
  const { data: pricing } = useQuery(pricingQuery);
  const { data: person } = useQuery(personQuery);
  if (!pricing || !person) return undefined;
  return pricing.data.filter(({ enable_groups }) => enable_groups.includes(person.group));
}
