import { queryOptions, useQuery } from '@tanstack/react-query';
import { answer, api } from '../../api/client.ts';
import { ApiFailure } from '../../api/failure.ts';
import { given } from '../../api/given.ts';
import { type CheckedProof, checkProof } from './check-proof.ts';

/** What can be proved here, and with which keys it is checked. */
export const proofsQuery = queryOptions({
  queryKey: ['proofs'],
  queryFn: async ({ signal }) => (await answer(api.GET('/api/user/proofs', { signal }))).data,
  staleTime: 60_000,
});

/** What is offered; nothing until that is known. */
export const useProofs = () => useQuery(proofsQuery).data;

export interface BalanceProof {
  /** The file. */
  readonly text: string;
  /** Undefined where this page can check nothing: browsers hash on https alone. */
  readonly checked: CheckedProof | undefined;
  readonly isFalse: boolean;
}

/** Where nothing was closed, or the account was not there yet. */
const NOTHING = ['not_closed', 'figure_not_found'];

/** The proof of a day, checked; null where there is none. */
export const balanceProofQuery = (day: string | undefined, keys: readonly string[]) =>
  queryOptions({
    queryKey: ['balance-proof', day, keys],
    queryFn: async ({ signal }): Promise<BalanceProof | null> => {
      const query = given({ as_of: day });
      try {
        const text = await answer<string>(
          api.GET('/api/user/balance/proof', { signal, params: { query }, parseAs: 'text' }),
        );
        return { text, ...(await looked(text, keys)) };
      } catch (error) {
        if (error instanceof ApiFailure && NOTHING.includes(error.facts.code)) return null;
        throw error;
      }
    },
  });

async function looked(text: string, keys: readonly string[]): Promise<Omit<BalanceProof, 'text'>> {
  if (!isSecureContext) return { checked: undefined, isFalse: false };
  try {
    return { checked: await checkProof(text, keys), isFalse: false };
  } catch {
    // Whatever is wrong with it, it proves nothing.
    return { checked: undefined, isFalse: true };
  }
}

/** The file that proves that a row was written down. */
export const receiptOf = (id: string): Promise<string> =>
  answer<string>(api.GET('/api/user/logs/{id}/receipt', { params: { path: { id } }, parseAs: 'text' }));
