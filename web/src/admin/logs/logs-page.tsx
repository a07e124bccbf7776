import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { count } from '../../format/numbers.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Money } from '../../parts/money.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Select } from '../../parts/select.tsx';
import { SkeletonTable } from '../../parts/table.tsx';
import { useTexts } from '../../texts.ts';
import { isAsked, PagedRows } from '../parts/paged-rows.tsx';
import { WordFilters } from '../parts/word-filters.tsx';
import { LogDrawer } from './log-drawer.tsx';
import { type Log, logsQuery } from './log-queries.ts';
import { type LogType, logTypes } from './logs-search.ts';
import { logsTexts } from './logs.texts.ts';

const route = getRouteApi('/_admin/admin/logs');
const words = ['reference', 'external_user_id', 'token_id', 'model', 'channel_id', 'group'] as const;
const days = ['from', 'to'] as const;

const useColumns = () =>
  useTexts(logsTexts).columns.map((name, index) => ({ name, isFigure: index === 2 || index >= 7 }));

/** Every call, top-up, refund and correction of everybody, each with why. */
export function LogsPage() {
  const texts = useTexts(logsTexts);
  const columns = useColumns();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const logs = useQuery(logsQuery(search));
  return (
    <>
      <PageHead title={texts.title} lead={texts.lead} />
      <section className="card">
        <Filters />
        <Loaded query={logs} skeleton={<SkeletonTable label={texts.title} columns={columns} rows={10} />}>
          {(data) => <Logs {...data} />}
        </Loaded>
      </section>
      {search.log !== undefined && (
        <LogDrawer
          id={search.log}
          onClose={() => void navigate({ search: ({ log: _closed, ...rest }) => rest })}
        />
      )}
    </>
  );
}

function Filters() {
  const texts = useTexts(logsTexts);
  const search = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <div className="filters">
      <WordFilters
        fields={[
          ...words.map((name) => ({ name, label: texts.filters[name] })),
          ...days.map((name) => ({ name, label: texts.filters[name], type: 'date' as const })),
        ]}
        values={search}
        onFilter={(filled) => void navigate({ search: ({ type }) => ({ ...filled, ...(type && { type }) }) })}
      />
      <Select
        label={texts.type}
        isFilter
        value={search.type ?? ''}
        options={[['', texts.anyType], ...logTypes.map((each) => [each, texts.types[each]] as const)]}
        onChoose={(type) =>
          void navigate({
            search: ({ cursor: _page, ...rest }) => ({
              ...rest,
              type: (type || undefined) as LogType | undefined,
            }),
          })
        }
      />
    </div>
  );
}

interface LogsProps {
  readonly logs: readonly Log[];
  readonly next_cursor: string | null;
  readonly total: number;
  readonly total_capped: boolean;
}

function Logs({ logs, ...page }: LogsProps) {
  const texts = useTexts(logsTexts);
  const columns = useColumns();
  const { cursor, ...search } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <PagedRows
      columns={columns}
      texts={texts}
      page={page}
      cursor={cursor}
      isFiltered={isAsked({ ...search, log: undefined })}
      onClear={() => void navigate({ search: {} })}
      onTurn={(to) => void navigate({ search: (before) => ({ ...before, cursor: to }) })}
    >
      {logs.map((log) => (
        <LogRow key={log.id} log={log} />
      ))}
    </PagedRows>
  );
}

const marks = {
  consume: 'charge',
  topup: 'credit',
  refund: 'warning',
  adjust: 'held',
  grant: 'credit',
  error: 'refused',
} as const;

function LogRow({ log }: { readonly log: Log }) {
  const texts = useTexts(logsTexts);
  const zone = useZone();
  return (
    <tr>
      <th scope="row">
        <Link to="/admin/logs" search={(before) => ({ ...before, log: log.id })}>
          {moment(log.at, zone)}
        </Link>
      </th>
      <td>
        <span className={`badge ${marks[log.type]}`}>{texts.types[log.type]}</span>
      </td>
      <td className="figure">
        <Money
          quota={Math.abs(log.quota)}
          {...(log.quota !== 0 && { moves: log.quota < 0 ? 'in' : 'out' })}
          {...(log.quota < 0 && { meaning: 'credit' })}
        />
      </td>
      <td className="short" title={log.external_user_id}>
        <Link to="/admin/users/$id" params={{ id: log.external_user_id }}>
          {log.username || log.external_user_id}
        </Link>
      </td>
      <td className="two">
        {log.model || '–'}
        {log.code !== null && <small>{log.code}</small>}
      </td>
      <td>{log.token_name || '–'}</td>
      <td className="two">
        {log.channel_id ?? '–'}
        {log.group !== null && <small>{log.group}</small>}
      </td>
      <td className="figure">{log.prompt_tokens > 0 ? count(log.prompt_tokens) : '–'}</td>
      <td className="figure">{log.completion_tokens > 0 ? count(log.completion_tokens) : '–'}</td>
      <td className="figure">
        {log.duration_ms === null ? '–' : texts.milliseconds(count(log.duration_ms))}
      </td>
    </tr>
  );
}
