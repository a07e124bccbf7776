import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { QUOTA_PER_USD } from '../../format/money.ts';
import { count, shortCount } from '../../format/numbers.ts';
import { Money } from '../../parts/money.tsx';
import { useLanguage } from '../../preferences.ts';
import { useTexts } from '../../texts.ts';
import { balanceQuery } from '../home/balance-query.ts';
import { useUsualModels } from '../usage/latest-usage.ts';
import { currencyText } from './currency.ts';
import type { Quote } from './top-up-queries.ts';
import { topUpTexts } from './top-up.texts.ts';

const SHOWN_MODELS = 3;
const isZero = (amount: string) => /^[0.]*$/.test(amount);

interface WhatYouGetProps {
  readonly quote: Quote;
  readonly currency: string;
  readonly rate: string;
}

/** What an amount costs, what it is worth, and what one has then. */
export function WhatYouGet({ quote, currency, rate }: WhatYouGetProps) {
  const texts = useTexts(topUpTexts);
  const language = useLanguage();
  const { data: balance } = useQuery(balanceQuery);
  const money = (amount: string) => currencyText(amount, currency, language);
  return (
    <>
      <dl className="facts">
        <Fact name={texts.pay}>{money(quote.pay_amount)}</Fact>
        {!isZero(quote.discount_amount) && <Fact name={texts.discount}>−{money(quote.discount_amount)}</Fact>}
        <Fact name={texts.fee}>{money(quote.fee_amount)}</Fact>
        {currency !== 'USD' && <Fact name={texts.rate}>{texts.rateOf(money(rate))}</Fact>}
        <Fact name={texts.credit}>
          <Money usd={quote.credit_usd} moves="in" meaning="credit" />
        </Fact>
        {quote.bonus_quota > 0 && (
          <Fact name={texts.bonus}>
            <Money quota={quote.bonus_quota} moves="in" meaning="credit" />
          </Fact>
        )}
        <Fact name={texts.inQuota}>{count(quote.quota)}</Fact>
        <div className="total">
          <dt>{texts.after}</dt>
          <dd>{balance ? <Money quota={balance.balance.quota + quote.quota + quote.bonus_quota} /> : '–'}</dd>
        </div>
      </dl>
      <Buys quota={quote.quota + quote.bonus_quota} />
    </>
  );
}

const Fact = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

/** In input tokens of some models that are sold by tokens. */
function Buys({ quota }: { readonly quota: number }) {
  const texts = useTexts(topUpTexts);
  const models = useUsualModels() ?? [];
  const bought = models
    .map((model) => ({ name: model.model_name, perMillion: Number(model.usd_per_million?.input ?? 0) }))
    .filter(({ perMillion }) => perMillion > 0)
    .slice(0, SHOWN_MODELS);
  if (bought.length === 0) return null;
  return (
    <>
      <p className="small muted">{texts.buys}</p>
      <dl className="facts">
        {bought.map(({ name, perMillion }) => (
          <Fact key={name} name={texts.inputOf(name)}>
            {texts.tokens(shortCount(Math.floor((quota / QUOTA_PER_USD / perMillion) * 1_000_000)))}
          </Fact>
        ))}
      </dl>
    </>
  );
}
