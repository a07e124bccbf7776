import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useZone } from '../../api/status.ts';
import { count } from '../../format/numbers.ts';
import { Icon } from '../../parts/icon.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { PagesFoot } from '../../parts/pages-foot.tsx';
import { SkeletonTable } from '../../parts/table.tsx';
import { useTexts } from '../../texts.ts';
import { LogDrawer } from './log-drawer.tsx';
import { LogFilters } from './log-filters.tsx';
import { LogRows, useLogColumns } from './log-rows.tsx';
import { exportAddress, filterOf, type LogRow, logsQuery } from './logs-queries.ts';
import { logsTexts } from './logs.texts.ts';

const route = getRouteApi('/_portal/_signed-in/portal/logs');

/** Calls and movements, and why each cost what it did. */
export function LogsPage() {
  const texts = useTexts(logsTexts);
  const columns = useLogColumns();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const logs = useQuery(logsQuery(search));
  return (
    <>
      <PageHead
        title={texts.title}
        lead={texts.lead}
        actions={
          <a className="button" href={exportAddress(search)} download="logs.csv">
            <Icon name="download" />
            {texts.export}
          </a>
        }
      />
      <section className="card">
        <LogFilters />
        <Loaded
          query={logs}
          skeleton={<SkeletonTable className="two-lines" label={texts.title} columns={columns} rows={8} />}
        >
          {(page) => <Rows {...page} />}
        </Loaded>
      </section>
      {search.row !== undefined && (
        <LogDrawer
          id={search.row}
          onClose={() => void navigate({ search: (before) => ({ ...before, row: undefined }) })}
        />
      )}
    </>
  );
}

interface RowsProps {
  readonly logs: readonly LogRow[];
  readonly next_cursor: string | null;
  readonly total: number;
  readonly total_capped: boolean;
}

function Rows({ logs, next_cursor, total, total_capped }: RowsProps) {
  const texts = useTexts(logsTexts);
  const zone = useZone();
  const { cursor } = route.useSearch();
  const navigate = route.useNavigate();
  if (logs.length === 0) return <Nothing />;
  const all = total_capped ? texts.more(count(total)) : count(total);
  return (
    <>
      <LogRows label={texts.title} rows={logs} />
      <PagesFoot
        isFirst={cursor === undefined}
        hasNext={next_cursor !== null}
        onFirst={() => void navigate({ search: (before) => ({ ...before, cursor: undefined }) })}
        onNext={() =>
          void navigate({ search: (before) => ({ ...before, cursor: next_cursor ?? undefined }) })
        }
      >
        {texts.shown(count(logs.length), all)} · {texts.times(zone)}
      </PagesFoot>
    </>
  );
}

function Nothing() {
  const texts = useTexts(logsTexts);
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
          <Link className="button" to="/portal/connect">
            {texts.connect}
          </Link>
        )}
      </div>
    </div>
  );
}
