import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { noteEnd } from '../session/expiry.ts';
import { ApiFailure, hasStatus } from './failure.ts';

const AGAIN_MS = [1_000, 3_000] as const;
/** What was read is looked at again when the page is, but not at every step within it. */
const FRESH_MS = 10_000;

/** No answer, or one that says that another time may do. */
const mayPass = (error: unknown) =>
  error instanceof ApiFailure && (error.facts.status === 0 || error.facts.status >= 500);

const noteUnauthorized = (error: unknown) => {
  if (hasStatus(error, 401)) noteEnd();
};

/** Reads again what may pass; never a write: whoever sent it decides. */
export const queryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, query) => {
      // Who asks who is signed in must bear to hear that nobody is.
      if (query.meta?.asksWho !== true) noteUnauthorized(error);
    },
  }),
  mutationCache: new MutationCache({
    onError: (error, _variables, _result, mutation) => {
      if (mutation.meta?.signsIn !== true) noteUnauthorized(error);
    },
  }),
  defaultOptions: {
    queries: {
      networkMode: 'always',
      staleTime: FRESH_MS,
      retry: (failures, error) => failures < AGAIN_MS.length && mayPass(error),
      retryDelay: (failures) => AGAIN_MS[failures] ?? 3_000,
    },
    mutations: { networkMode: 'always', retry: false },
  },
});
