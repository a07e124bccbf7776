import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '../api/client.ts';
import type { SecondStep } from '../shell/credentials-form.tsx';
import { beginPerson } from './person.ts';

// Signing in with services of others: the browser goes there, and comes back to a page of ours.

export const providersQuery = queryOptions({
  queryKey: ['providers'],
  queryFn: async ({ signal }) => (await answer(api.GET('/api/auth/providers', { signal }))).data.providers,
  staleTime: 60_000,
});

export const identitiesQuery = queryOptions({
  queryKey: ['identities'],
  queryFn: async ({ signal }) => (await answer(api.GET('/api/auth/identities', { signal }))).data.identities,
});

const NEXT = 'counterfoil-next';

export interface WayThere {
  /** Where to go after the way back. */
  readonly next?: string | undefined;
  /** The referral code by which somebody came, in case that they register. */
  readonly aff?: string | undefined;
}

/**
 * Leaves this page.
 * @throws ApiFailure
 */
export async function goToProvider(provider: string, { next, aff }: WayThere): Promise<void> {
  const params = { path: { provider } };
  const body = { ...(aff && { aff_code: aff }) };
  const { data } = await answer(api.POST('/api/auth/oidc/{provider}/start', { params, body }));
  if (next === undefined) sessionStorage.removeItem(NEXT);
  else sessionStorage.setItem(NEXT, next);
  location.assign(data.url);
}

/**
 * Leaves this page, to link who one is there.
 * @throws ApiFailure
 */
export async function goToLink(provider: string): Promise<void> {
  const { data } = await answer(api.POST('/api/auth/identities/start', { body: { provider } }));
  location.assign(data.url);
}

/** Where whoever came back wanted to go. */
export const nextPage = (): string => sessionStorage.getItem(NEXT) ?? '/portal';

/** What a service has written into the address of the page. */
export interface Answered {
  readonly code: string;
  readonly state: string;
  readonly iss?: string;
}

/** Undefined where it says that somebody left it there. */
export function answeredIn(search: string): Answered | undefined {
  const given = new URLSearchParams(search);
  const [code, state, iss] = [given.get('code'), given.get('state'), given.get('iss')];
  if (code === null || state === null) return undefined;
  return { code, state, ...(iss !== null && { iss }) };
}

/** Whether the visit was begun to link. */
export const isLinking = ({ state }: Answered): boolean => state.startsWith('link.');

/** @throws ApiFailure */
export async function linkProvider(provider: string, answered: Answered): Promise<void> {
  await answer(api.POST('/api/auth/identities', { body: { provider, ...answered } }));
}

export interface Newcomer {
  readonly ticket: string;
  readonly username: string;
  readonly email: string | null;
}

export type Come = { readonly newcomer?: Newcomer; readonly secondStep?: SecondStep };

/**
 * Signs in; a newcomer, or a second step, goes on.
 * @throws ApiFailure
 */
export async function comeBack(provider: string, answered: Answered): Promise<Come> {
  const params = { path: { provider } };
  const { data } = await answer(api.POST('/api/auth/oidc/{provider}/callback', { params, body: answered }));
  if ('methods' in data) {
    const { ticket } = data;
    return {
      secondStep: async (code) => {
        const { data: me } = await answer(
          api.POST('/api/auth/login/second-factor', { body: { ticket, code } }),
        );
        await beginPerson(me);
      },
    };
  }
  if (data.newcomer) return { newcomer: data.newcomer };
  if (data.me) await beginPerson(data.me);
  return {};
}

/**
 * @returns whether a mail is on its way instead
 * @throws ApiFailure
 */
export async function registerNewcomer(
  provider: string,
  person: { readonly ticket: string; readonly username: string; readonly email: string },
): Promise<boolean> {
  const params = { path: { provider } };
  const { data } = await answer(api.POST('/api/auth/oidc/{provider}/register', { params, body: person }));
  if (data.me) await beginPerson(data.me);
  return data.me === null;
}
