import { getRouteApi, Link } from '@tanstack/react-router';
import { PageHead } from '../../parts/page-head.tsx';
import { Tabs } from '../../parts/tabs.tsx';
import { useTexts } from '../../texts.ts';
import { BalanceTab } from './balance-tab.tsx';
import { CompareTab } from './compare-tab.tsx';
import { DoubtsTab } from './doubts-tab.tsx';
import { EventsTab } from './events-tab.tsx';
import { ExplainTab } from './explain-tab.tsx';
import { JobsTab } from './jobs/jobs-tab.tsx';
import { StoppedTab } from './stopped-tab.tsx';
import { type LedgerTab, ledgerTabs } from './ledger-search.ts';
import { ledgerTexts } from './ledger.texts.ts';

const route = getRouteApi('/_admin/admin/ledger');

const contents: Readonly<Record<LedgerTab, () => React.ReactNode>> = {
  explain: ExplainTab,
  balance: BalanceTab,
  compare: CompareTab,
  events: EventsTab,
  doubts: DoubtsTab,
  stopped: StoppedTab,
  jobs: JobsTab,
};

/** Where figures come from: explained, at any time, between any two places, and as events; and the work that is done on them. */
export function LedgerPage() {
  const texts = useTexts(ledgerTexts);
  const { tab = 'explain' } = route.useSearch();
  const Content = contents[tab];
  return (
    <>
      <PageHead
        title={texts.title}
        lead={texts.lead}
        actions={
          <Link className="button" to="/admin/ledger/verify">
            {texts.verify}
          </Link>
        }
      />
      <Tabs label={texts.ofLedger}>
        {ledgerTabs.map((each) => (
          <Link
            key={each}
            to="/admin/ledger"
            search={{ tab: each }}
            aria-current={each === tab ? 'page' : undefined}
            activeProps={{ 'aria-current': each === tab ? 'page' : undefined }}
          >
            {texts.tabs[each]}
          </Link>
        ))}
      </Tabs>
      <Content />
    </>
  );
}
