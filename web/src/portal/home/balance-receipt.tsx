import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { QUOTA_PER_USD } from '../../format/money.ts';
import { count, shortCount } from '../../format/numbers.ts';
import { LeadMoney, Money } from '../../parts/money.tsx';
import { useTexts } from '../../texts.ts';
import { useLatestUsage, useUsualModels } from '../usage/latest-usage.ts';
import type { Balance } from './home-page.tsx';
import { homeTexts } from './home.texts.ts';

/** What one has, on paper. */
export function BalanceReceipt({ balance }: { readonly balance: Balance }) {
  const texts = useTexts(homeTexts);
  const zone = useZone();
  const { available, held, spent_7_days: week, spent_30_days: month } = balance;
  // Without the holds of running calls it is not said what of the balance is free.
  const shown = available ?? balance.balance;
  return (
    <section className="receipt balance" aria-label={texts.balance}>
      <div className="receipt-stub">
        <div className="stack-tight">
          <h2>{available ? texts.available : texts.balance}</h2>
          <LeadMoney usd={shown.usd} />
          <p className="quota muted">{texts.quota(count(shown.quota))}</p>
        </div>
        <p className="meta">{texts.asOf(moment(balance.as_of, zone), zone)}</p>
      </div>
      <div className="receipt-sheet">
        <div className="stack">
          <dl className="stats">
            <div className="stat">
              <dt>{texts.held}</dt>
              <dd>{held ? <Money usd={held.usd} /> : '–'}</dd>
              <dd className="stat-note">{held ? texts.heldNote : texts.unknown}</dd>
            </div>
            <Spent name={texts.spent7} {...week} />
            <Spent name={texts.spent30} {...month} />
          </dl>
          <Pace balance={balance} quota={shown.quota} />
        </div>
      </div>
    </section>
  );
}

function Spent({ name, usd, requests }: Balance['spent_7_days'] & { readonly name: string }) {
  const texts = useTexts(homeTexts);
  return (
    <div className="stat">
      <dt>{name}</dt>
      <dd>
        <Money usd={usd} />
      </dd>
      <dd className="stat-note">{texts.callsOf(count(requests))}</dd>
    </div>
  );
}

function Pace({ balance, quota }: { readonly balance: Balance; readonly quota: number }) {
  const texts = useTexts(homeTexts);
  const purchase = usePurchase(quota);
  if (balance.days_left === null) return <p className="small muted">{texts.still}</p>;
  return (
    <p className="small">
      {texts.pace}
      <strong className="num">{texts.days(count(balance.days_left))}</strong>
      {purchase && (
        <>
          {texts.buys}
          <strong className="num">{shortCount(purchase.tokens)}</strong>
          {texts.tokens}
          <span className="num">{purchase.model}</span>
          {texts.stop}
        </>
      )}
    </p>
  );
}

/** About how many input tokens of the model that costs most it buys; nothing where that one is not sold by tokens. */
function usePurchase(quota: number): { readonly model: string; readonly tokens: number } | undefined {
  const { data: usage } = useLatestUsage();
  const models = useUsualModels() ?? [];
  const model = models.find(({ model_name }) => model_name === usage?.series[0]?.key);
  const perMillion = Number(model?.usd_per_million?.input ?? 0);
  if (!model || !(perMillion > 0)) return undefined;
  return { model: model.model_name, tokens: Math.floor((quota / QUOTA_PER_USD / perMillion) * 1_000_000) };
}
