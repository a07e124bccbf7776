import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { components } from '../../generated/api.ts';
import { Icon } from '../../parts/icon.tsx';
import { Loaded, SkeletonLines } from '../../parts/loaded.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { useTexts } from '../../texts.ts';
import { balanceQuery } from './balance-query.ts';
import { BalanceReceipt } from './balance-receipt.tsx';
import { Checklist } from './checklist.tsx';
import { homeTexts } from './home.texts.ts';
import { KeysCard } from './keys-card.tsx';
import { LatestCalls } from './latest-calls.tsx';
import { SpendingCard } from './spending-card.tsx';

export type Balance = components['schemas']['OwnBalance'];

/** What one has, how long it lasts, and where it goes; until the first charge, how to come to it. */
export function HomePage() {
  const texts = useTexts(homeTexts);
  const balance = useQuery(balanceQuery);
  return (
    <>
      <PageHead
        title={texts.title}
        lead={texts.lead}
        actions={
          <>
            <Link className="button" to="/portal/keys" search={{ create: true }}>
              <Icon name="key" />
              {texts.createKey}
            </Link>
            <Link className="button primary" to="/portal/top-up">
              <Icon name="plus" />
              {texts.topUpNow}
            </Link>
          </>
        }
      />
      <Loaded
        query={balance}
        skeleton={
          <section className="card">
            <SkeletonLines lines={6} />
          </section>
        }
      >
        {(data) => (
          <>
            <BalanceReceipt balance={data} />
            {data.checklist.has_called ? <Figures /> : <Checklist done={data.checklist} />}
          </>
        )}
      </Loaded>
    </>
  );
}

const Figures = () => (
  <>
    <div className="split">
      <SpendingCard />
      <KeysCard />
    </div>
    <LatestCalls />
  </>
);
