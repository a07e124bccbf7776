import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '../../api/client.ts';
import type { components } from '../../generated/api.ts';

export type PersonKey = components['schemas']['OwnKey'];

const PAGE = 100;

/** All pages: the filters are of what is here, and a key that is not found must not be there. */
async function readAll(signal: AbortSignal, cursor?: string): Promise<readonly PersonKey[]> {
  const query = { limit: PAGE, ...(cursor !== undefined && { cursor }) };
  const { data } = await answer(api.GET('/api/user/keys', { signal, params: { query } }));
  const rest = data.next_cursor === null ? [] : await readAll(signal, data.next_cursor);
  return [...data.keys, ...rest];
}

export const keysQuery = queryOptions({
  queryKey: ['keys'],
  queryFn: ({ signal }) => readAll(signal),
});

/** A key that was made or reset, with its secret, which nothing can show again. */
export type FreshKey = Pick<PersonKey, 'token_id' | 'name' | 'expires_at' | 'quota_limit' | 'models'> & {
  readonly secret: string;
};

/** Null where its secret was shown before: a repetition that came too late. */
export const freshOf = (
  issued: components['schemas']['IssuedOwnKey'],
  models: PersonKey['models'],
): FreshKey | null => (issued.access_key === null ? null : { ...issued, models, secret: issued.access_key });
