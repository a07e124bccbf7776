import { moneyParts, usdOfQuota } from '../format/money.ts';

type Meaning = 'credit' | 'held' | 'refused';

interface Amount {
  /** A decimal text of the API, or the quota that it is made of. */
  readonly usd?: string;
  readonly quota?: number | bigint;
  /** Movements have a sign, balances have none. */
  readonly moves?: 'in' | 'out';
  readonly meaning?: Meaning;
}

/** The sign, the cents large, and the exact tail beside them, quieter. */
function Digits({ usd = '0', quota, moves }: Amount) {
  const { isNegative, dollars, cents, tail } = moneyParts(quota === undefined ? usd : usdOfQuota(quota));
  const isZero = tail === '' && cents === '00' && dollars === '0';
  const movement = isZero ? '' : moves === 'in' ? '+' : moves === 'out' ? '−' : isNegative ? '−' : '';
  return (
    <>
      {movement}${dollars}.{cents}
      {tail !== '' && <i>{tail}</i>}
    </>
  );
}

/** The largest figure of a page: the sum it is about. */
export const LeadMoney = (amount: Amount) => (
  <p className="lead-figure">
    <Digits {...amount} />
  </p>
);

/** An exact amount of the ledger: `$92.20` with its tail. */
export const Money = (amount: Amount) => (
  <span className={`money${amount.meaning ? ` ${amount.meaning}` : ''}`}>
    <Digits {...amount} />
  </span>
);
