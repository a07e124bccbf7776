import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { useZone } from '../../api/status.ts';
import { moneyParts, usdOfQuota } from '../../format/money.ts';
import { moment } from '../../format/moment.ts';
import { count } from '../../format/numbers.ts';
import { FormFailure } from '../../parts/failure.tsx';
import { Money } from '../../parts/money.tsx';
import { Card } from '../../parts/page-head.tsx';
import { TimeField } from '../../parts/time-field.tsx';
import { useTexts } from '../../texts.ts';
import { type At, balanceQuery } from './user-queries.ts';
import { userBooksTexts } from './user-books.texts.ts';

/** What the books said at a time or a position, beside what they say now. */
export function BalanceAt({ id }: { readonly id: string }) {
  const texts = useTexts(userBooksTexts);
  const zone = useZone();
  const [at, setAt] = useState<At>({});
  const asked = useDeferredValue(at);
  const { data: now } = useQuery(balanceQuery(id));
  const { data: then, error } = useQuery({
    ...balanceQuery(id, asked),
    placeholderData: keepPreviousData,
  });
  const last = now?.position ?? 0;
  return (
    <Card title={texts.at}>
      <div className="card-body">
        <TimeField
          label={texts.moment}
          hint={texts.momentHint(zone)}
          kind="datetime-local"
          value={at.as_of ?? ''}
          onChoose={(value) => setAt(value ? { as_of: value } : {})}
        />
        <input
          className="range"
          type="range"
          min={0}
          max={last}
          value={at.at_position ?? then?.position ?? last}
          aria-label={texts.slider}
          onChange={({ target }) => setAt({ at_position: Number(target.value) })}
        />
        <FormFailure error={error} />
        {then && now && <Then then={then} change={now.balance - then.balance} />}
      </div>
    </Card>
  );
}

type Balance = Awaited<ReturnType<NonNullable<ReturnType<typeof balanceQuery>['queryFn']>>>;

function Then({ then, change }: { readonly then: Balance; readonly change: number }) {
  const texts = useTexts(userBooksTexts);
  const zone = useZone();
  const { isNegative, dollars, cents, tail } = moneyParts(usdOfQuota(then.balance));
  return (
    <>
      <p className="lead-figure" aria-live="polite">
        {isNegative && '−'}${dollars}.{cents}
        {tail && <i>{tail}</i>}
      </p>
      <dl className="facts">
        <div>
          <dt>{texts.atPosition}</dt>
          <dd>{count(then.position)}</dd>
        </div>
        <div>
          <dt>{texts.last}</dt>
          <dd>{then.last_movement ? moment(then.last_movement.recorded_at, zone) : texts.noMovement}</dd>
        </div>
        <div className="total">
          <dt>{texts.since}</dt>
          <dd>
            <Money quota={Math.abs(change)} moves={change < 0 ? 'out' : 'in'} />
          </dd>
        </div>
      </dl>
    </>
  );
}
