import { useMutation } from '@tanstack/react-query';
import { answer, api } from '../../api/client.ts';
import { queryClient } from '../../api/queries.ts';
import { FormFailure } from '../../parts/failure.tsx';
import { say } from '../../parts/toasts.tsx';
import { useTexts } from '../../texts.ts';
import { type Order, orderQuery } from './top-up-queries.ts';
import { topUpTexts } from './top-up.texts.ts';

const show = (order: Order) => queryClient.setQueryData(orderQuery(order.order_id).queryKey, order);

/** Has the provider asked again, or lets go of the order. */
export function OrderActs({ order }: { readonly order: Order }) {
  const texts = useTexts(topUpTexts);
  const params = { path: { id: order.order_id } };
  const check = useMutation({
    mutationFn: async () => (await answer(api.POST('/api/user/topups/{id}/check', { params }))).data,
    onSuccess: (found) => show(found.order),
  });
  const cancel = useMutation({
    mutationFn: async () => (await answer(api.POST('/api/user/topups/{id}/cancel', { params }))).data,
    onSuccess: (cancelled) => {
      show(cancelled);
      say(texts.cancelled);
    },
  });
  return (
    <>
      <FormFailure error={check.error ?? cancel.error} />
      <div className="actions">
        {order.can_check && (
          <button className="button" type="button" disabled={check.isPending} onClick={() => check.mutate()}>
            {check.isPending ? texts.checking : texts.iPaid}
          </button>
        )}
        {order.can_cancel && (
          <button
            className="button quiet"
            type="button"
            disabled={cancel.isPending}
            onClick={() => cancel.mutate()}
          >
            {texts.cancel}
          </button>
        )}
      </div>
      <p className="small" aria-live="polite">
        {check.data && texts.found[check.data.found]}
      </p>
    </>
  );
}
