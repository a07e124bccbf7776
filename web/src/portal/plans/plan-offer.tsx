import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { answer, api, onceOnly } from '../../api/client.ts';
import { queryClient } from '../../api/queries.ts';
import { FormFailure } from '../../parts/failure.tsx';
import { Money } from '../../parts/money.tsx';
import { Card } from '../../parts/page-head.tsx';
import { Select } from '../../parts/select.tsx';
import { useLanguage } from '../../preferences.ts';
import { useTexts } from '../../texts.ts';
import { currencyText } from '../top-up/currency.ts';
import { type Options, orderQuery } from '../top-up/top-up-queries.ts';
import { topUpTexts } from '../top-up/top-up.texts.ts';
import type { Plan, Subscription } from './plan-queries.ts';
import { plansTexts } from './plans.texts.ts';

interface PlanOfferProps {
  readonly plan: Plan;
  readonly methods: Options['methods'];
  readonly subscription: Subscription | undefined;
}

/** What a period gives and costs, and the button that orders it. */
export function PlanOffer({ plan, methods, subscription }: PlanOfferProps) {
  const texts = useTexts(plansTexts);
  const language = useLanguage();
  const names = useTexts(topUpTexts).methods;
  const [chosen, setChosen] = useState<{ readonly currency?: string; readonly method?: string }>({});
  // What is sent again because no answer came is the same order; another choice is another one.
  const [once, setOnce] = useState(onceOnly);
  const price = plan.prices.find(({ currency }) => currency === chosen.currency) ?? plan.prices[0];
  const ways = methods.filter(({ currencies }) => price && currencies.includes(price.currency));
  const method = (ways.find((each) => each.method === chosen.method) ?? ways[0])?.method;
  const { mutate, error, isPending } = useOrdering(plan.plan_id, once);
  const choose = (change: typeof chosen) => {
    setChosen((before) => ({ ...before, ...change }));
    setOnce(onceOnly);
  };
  if (!price) return null;
  const amount = currencyText(price.amount, price.currency, language);
  const isRunning = subscription !== undefined && subscription.status !== 'ended';
  const canRenew = subscription?.can_renew ?? true;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (method !== undefined) mutate({ method, currency: price.currency });
  };
  return (
    <Card title={`${plan.name} · ${texts.months(plan.months)}`} foot={canRenew ? undefined : texts.ahead}>
      <form className="card-body" onSubmit={submit} noValidate>
        <FormFailure error={error} fields={[]} />
        {plan.description !== '' && <p>{plan.description}</p>}
        <p>
          {texts.gives} <Money quota={plan.quota} />
        </p>
        {plan.prices.length > 1 && (
          <Select
            label={texts.currency}
            value={price.currency}
            options={plan.prices.map(({ currency }) => [currency, currency])}
            onChoose={(currency) => choose({ currency })}
          />
        )}
        {ways.length > 1 && method !== undefined && (
          <Select
            label={texts.method}
            value={method}
            options={ways.map((each) => [each.method, names[each.method]?.[0] ?? each.method])}
            onChoose={(way) => choose({ method: way })}
          />
        )}
        <button
          className="button primary"
          type="submit"
          disabled={isPending || method === undefined || !canRenew}
        >
          {isRunning ? texts.renew(amount) : texts.buy(amount)}
        </button>
      </form>
    </Card>
  );
}

/** Orders, and leads to where it is paid: the page of the order is what one comes back to. */
function useOrdering(plan_id: string, once: ReturnType<typeof onceOnly>) {
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async (body: { method: string; currency: string }) => {
      const params = { ...once.params, path: { plan_id } };
      return (await answer(api.POST('/api/user/plans/{plan_id}/orders', { params, body }))).data;
    },
    onSuccess: async (order) => {
      queryClient.setQueryData(orderQuery(order.order_id).queryKey, order);
      await navigate({ to: '/portal/top-up/$id', params: { id: order.order_id } });
      const url = order.checkout?.url ?? null;
      if (url !== null && order.checkout?.qr === null) location.assign(url);
    },
  });
}
