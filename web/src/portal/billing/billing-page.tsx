import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useZone } from '../../api/status.ts';
import { count } from '../../format/numbers.ts';
import { Icon } from '../../parts/icon.tsx';
import { Loaded, SkeletonLines } from '../../parts/loaded.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { PagesFoot } from '../../parts/pages-foot.tsx';
import { SkeletonTable } from '../../parts/table.tsx';
import { useTexts } from '../../texts.ts';
import { GrantsCard } from '../grants/grants-card.tsx';
import { useProofs } from '../proof/proof-queries.ts';
import { BillingDrawer } from './billing-drawer.tsx';
import { BillingFilters } from './billing-filters.tsx';
import {
  type BillingRow,
  billingQuery,
  billingStatsQuery,
  filterOf,
  statementsQuery,
} from './billing-queries.ts';
import { BillingRows, useBillingColumns } from './billing-rows.tsx';
import { billingTexts } from './billing.texts.ts';
import { StatementsCard } from './statements-card.tsx';
import { SumsReceipt } from './sums-receipt.tsx';

const route = getRouteApi('/_portal/_signed-in/portal/billing');

/** How the balance came to be what it is: its sums, its rows, its months. */
export function BillingPage() {
  const texts = useTexts(billingTexts);
  const columns = useBillingColumns();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const rows = useQuery(billingQuery(search));
  const proofs = useProofs();
  return (
    <>
      <PageHead
        title={texts.title}
        lead={texts.lead}
        actions={
          proofs?.balances && (
            <Link className="button" to="/portal/proof">
              <Icon name="shield" />
              {texts.proof}
            </Link>
          )
        }
      />
      <SumsOfRange />
      <GrantsCard />
      <section className="card">
        <BillingFilters />
        <Loaded
          query={rows}
          skeleton={<SkeletonTable className="two-lines" label={texts.rows} columns={columns} rows={8} />}
        >
          {(page) => <Rows {...page} />}
        </Loaded>
      </section>
      <StatementsCard />
      {search.row !== undefined && (
        <BillingDrawer
          id={search.row}
          onClose={() => void navigate({ search: (before) => ({ ...before, row: undefined }) })}
        />
      )}
    </>
  );
}

/** Of the days that are looked at; where none are chosen, of all since the account is there. */
function SumsOfRange() {
  const texts = useTexts(billingTexts);
  const { from, to } = route.useSearch();
  const { data } = useQuery(statementsQuery);
  const first = data?.statements.at(-1)?.month;
  const begin = first && `${first}-01`;
  const stats = useQuery({
    ...billingStatsQuery({ from: from ?? (to !== undefined && begin && begin > to ? to : begin), to }),
    enabled: begin !== undefined,
  });
  return (
    <Loaded
      query={stats}
      skeleton={
        <section className="card">
          <SkeletonLines lines={9} />
        </section>
      }
    >
      {(sums) => <SumsReceipt sums={sums} range={texts.range(sums.from, sums.to, sums.timezone)} />}
    </Loaded>
  );
}

interface RowsProps {
  readonly billing: readonly BillingRow[];
  readonly next_cursor: string | null;
  readonly total: number;
}

function Rows({ billing, next_cursor, total }: RowsProps) {
  const texts = useTexts(billingTexts);
  const zone = useZone();
  const { cursor } = route.useSearch();
  const navigate = route.useNavigate();
  if (billing.length === 0) return <Nothing />;
  return (
    <>
      <BillingRows label={texts.rows} rows={billing} />
      <PagesFoot
        isFirst={cursor === undefined}
        hasNext={next_cursor !== null}
        onFirst={() => void navigate({ search: (before) => ({ ...before, cursor: undefined }) })}
        onNext={() =>
          void navigate({ search: (before) => ({ ...before, cursor: next_cursor ?? undefined }) })
        }
      >
        {texts.shown(count(billing.length), count(total))} · {texts.times(zone)}
      </PagesFoot>
    </>
  );
}

function Nothing() {
  const texts = useTexts(billingTexts);
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const isFiltered = Object.keys(filterOf(search)).length > 0;
  return (
    <div className="empty">
      <p>{isFiltered ? texts.noneFound : texts.none}</p>
      <div className="actions">
        {isFiltered ? (
          <button className="button" type="button" onClick={() => void navigate({ search: {} })}>
            {texts.clear}
          </button>
        ) : (
          <Link className="button" to="/portal/top-up">
            {texts.topUp}
          </Link>
        )}
      </div>
    </div>
  );
}
