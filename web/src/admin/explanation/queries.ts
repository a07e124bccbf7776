import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '../../api/client.ts';

/** Why a call, payment, refund, adjustment or grant of this id is what it is. */
export const explainQuery = (id: string) =>
  queryOptions({
    queryKey: ['admin', 'explain', id],
    queryFn: async ({ signal }) =>
      (await answer(api.GET('/api/audit/explain', { signal, params: { query: { id } } }))).data,
    retry: false,
  });
type Answer = Awaited<ReturnType<NonNullable<ReturnType<typeof explainQuery>['queryFn']>>>;
export type Explained = Answer['explanations'][number];
export type CallExplained = Extract<Explained, { kind: 'call' }>;
export type CallStep = CallExplained['steps'][number];
export type PaymentExplained = Extract<Explained, { kind: 'payment' }>;
export type AdjustmentExplained = Extract<Explained, { kind: 'adjustment' }>;
export type GrantExplained = Extract<Explained, { kind: 'grant' }>;

/** The file that proves that a movement was written down, at that place of the log. */
export const receiptOf = (figure: string, position: number): Promise<string> =>
  answer<string>(
    api.GET('/api/audit/receipts/{figure}', {
      params: { path: { figure }, query: { position } },
      parseAs: 'text',
    }),
  );
