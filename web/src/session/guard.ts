import type { FetchQueryOptions } from '@tanstack/react-query';
import { redirect } from '@tanstack/react-router';
import { hasStatus } from '../api/failure.ts';
import { queryClient } from '../api/queries.ts';

/** Where somebody was before signing in. Only a page of the same console is returned to. */
export interface Return {
  readonly next?: string;
}

/** @param within `/portal` or `/admin` */
export const readReturn =
  (within: string) =>
  ({ next }: Record<string, unknown>): Return =>
    typeof next === 'string' && next.startsWith(within) && !next.startsWith('//') ? { next } : {};

/**
 * For `beforeLoad`: leads to the sign-in page where nobody is signed in, and remembers the way back. Every other failure is the page's to
 * show.
 */
export const signedInFor =
  <Data>(who: FetchQueryOptions<Data, Error, Data, string[]>, signIn: '/admin/sign-in' | '/portal/sign-in') =>
  async ({ location }: { readonly location: { readonly href: string } }) => {
    try {
      await queryClient.ensureQueryData(who);
    } catch (error) {
      if (hasStatus(error, 401)) redirect({ to: signIn, search: { next: location.href }, throw: true });
    }
  };
