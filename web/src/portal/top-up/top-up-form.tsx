import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { answer, api, onceOnly } from '../../api/client.ts';
import { fieldErrors } from '../../api/failure.ts';
import { queryClient } from '../../api/queries.ts';
import { FormFailure } from '../../parts/failure.tsx';
import { Card } from '../../parts/page-head.tsx';
import { Select } from '../../parts/select.tsx';
import { useLanguage } from '../../preferences.ts';
import { useTexts } from '../../texts.ts';
import { Amounts, Methods } from './amounts.tsx';
import { currencyText } from './currency.ts';
import { CUSTOM, type Currency, type Draft, firstDraft } from './draft.ts';
import { type Options, orderQuery, type Quote, quoteQuery } from './top-up-queries.ts';
import { topUpTexts } from './top-up.texts.ts';
import { WhatYouGet } from './what-you-get.tsx';

const AMOUNT = /^\d{1,9}(\.\d{1,3})?$/;

/** An amount, a way to pay it, and what it gives; nothing is ordered before the button is pressed. */
export function TopUpForm({ options }: { readonly options: Options }) {
  const texts = useTexts(topUpTexts);
  const [draft, setDraft] = useState(() => firstDraft(options));
  // What is sent again because no answer came is the same order; another choice is another one.
  const [once, setOnce] = useState(onceOnly);
  const change = (changed: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...changed }));
    setOnce(onceOnly);
  };
  const currency = options.currencies.find((each) => each.currency === draft.currency);
  const methods = options.methods.filter(({ currencies }) => currencies.includes(draft.currency));
  const method = (methods.find((each) => each.method === draft.method) ?? methods[0])?.method;
  const asked = useAsked(draft, currency);
  const { mutate, error, isPending } = useOrdering(once);
  if (!currency || method === undefined) return <Nobody />;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (asked.quote) mutate({ method, currency: currency.currency, amount: asked.amount });
  };
  return (
    <form className="split" onSubmit={submit} noValidate>
      <Card title={texts.newTopUp} foot={texts.tab}>
        <div className="card-body">
          <FormFailure error={error} fields={['amount']} />
          {options.currencies.length > 1 && (
            <Select
              label={texts.currency}
              value={currency.currency}
              options={options.currencies.map((each) => [each.currency, each.currency])}
              onChoose={(other) => change({ ...firstDraft(options, other), method: draft.method })}
            />
          )}
          <Amounts
            currency={currency}
            draft={draft}
            error={asked.error ?? fieldErrors(error)('amount')}
            onChange={change}
          />
          <Methods methods={methods.map((each) => each.method)} chosen={method} onChange={change} />
        </div>
      </Card>
      <Card title={texts.get}>
        <div className="card-body">
          {asked.quote && (
            <WhatYouGet quote={asked.quote} currency={currency.currency} rate={currency.rate} />
          )}
          <PayButton quote={asked.quote} currency={currency.currency} isPending={isPending} />
        </div>
      </Card>
    </form>
  );
}

function PayButton({
  quote,
  currency,
  isPending,
}: {
  readonly quote: Quote | undefined;
  readonly currency: string;
  readonly isPending: boolean;
}) {
  const texts = useTexts(topUpTexts);
  const language = useLanguage();
  return (
    <button className="button primary wide" type="submit" disabled={!quote || isPending}>
      {quote ? texts.payNow(currencyText(quote.pay_amount, currency, language)) : texts.chooseAmount}
    </button>
  );
}

/** What the chosen amount buys, as the service says it; what is wrong with it, in its words. */
function useAsked(draft: Draft, currency: Currency | undefined) {
  const isCustom = draft.amount === CUSTOM;
  const amount = isCustom ? draft.custom.trim() : draft.amount;
  const { data, error } = useQuery({
    ...quoteQuery(draft.currency, amount),
    enabled: isCustom && AMOUNT.test(amount),
  });
  const preset = currency?.presets.find((each) => each.amount === amount);
  const quote: Quote | undefined = isCustom ? (data ?? undefined) : preset;
  return { amount, quote, error: isCustom ? fieldErrors(error)('amount') : undefined };
}

/** Orders, and leads to where it is paid: the page of the order is what one comes back to. */
function useOrdering(once: ReturnType<typeof onceOnly>) {
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async (body: { method: string; currency: string; amount: string }) =>
      (await answer(api.POST('/api/user/topups', { body, ...once }))).data,
    onSuccess: async (order) => {
      queryClient.setQueryData(orderQuery(order.order_id).queryKey, order);
      await navigate({ to: '/portal/top-up/$id', params: { id: order.order_id } });
      const url = order.checkout?.url ?? null;
      if (url !== null && order.checkout?.qr === null) location.assign(url);
    },
  });
}

function Nobody() {
  const texts = useTexts(topUpTexts);
  return (
    <Card title={texts.nobody}>
      <div className="empty">
        <p>{texts.nobodyWhy}</p>
      </div>
    </Card>
  );
}
