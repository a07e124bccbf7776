import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { count } from '../../format/numbers.ts';
import { FormFailure } from '../../parts/failure.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { partTexts } from '../../parts/parts.texts.ts';
import { PageHead } from '../../parts/page-head.tsx';
import { Select } from '../../parts/select.tsx';
import { SkeletonTable } from '../../parts/table.tsx';
import { useTexts } from '../../texts.ts';
import { nameOf } from '../parts/name-of.ts';
import { isAsked, PagedRows } from '../parts/paged-rows.tsx';
import { WordFilters } from '../parts/word-filters.tsx';
import { type Act, actsQuery, exportActs } from './acts-queries.ts';
import { actsTexts } from './acts.texts.ts';

const route = getRouteApi('/_admin/admin/acts');

const useColumns = () => useTexts(actsTexts).columns.map((name) => ({ name }));

/** Who did what, when and why, from the log. */
export function ActsPage() {
  const texts = useTexts(actsTexts);
  const columns = useColumns();
  const search = route.useSearch();
  const acts = useQuery(actsQuery(search));
  const keep = useMutation({ mutationFn: () => exportActs(search) });
  return (
    <>
      <PageHead
        title={texts.title}
        lead={texts.lead}
        actions={
          <button className="button" type="button" disabled={keep.isPending} onClick={() => keep.mutate()}>
            <Icon name="download" />
            {texts.csv}
          </button>
        }
      />
      <FormFailure error={keep.error} />
      <section className="card">
        <Filters />
        <Loaded query={acts} skeleton={<SkeletonTable label={texts.title} columns={columns} rows={10} />}>
          {(data) => <Acts {...data} />}
        </Loaded>
      </section>
    </>
  );
}

const words = ['actor', 'stream'] as const;
const days = ['from', 'to'] as const;

function Filters() {
  const texts = useTexts(actsTexts);
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
        onFilter={(filled) => void navigate({ search: ({ what }) => ({ ...filled, ...(what && { what }) }) })}
      />
      <Select
        label={texts.type}
        isFilter
        value={search.what ?? ''}
        options={[['', texts.anyType], ...Object.entries(texts.types)]}
        onChoose={(what) =>
          void navigate({ search: ({ cursor: _page, ...rest }) => ({ ...rest, what: what || undefined }) })
        }
      />
    </div>
  );
}

interface ActsProps {
  readonly acts: readonly Act[];
  readonly next_cursor: string | null;
  readonly total: number;
  readonly total_capped: boolean;
}

function Acts({ acts, ...page }: ActsProps) {
  const texts = useTexts(actsTexts);
  const columns = useColumns();
  const { cursor, ...filters } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <PagedRows
      columns={columns}
      texts={texts}
      page={page}
      cursor={cursor}
      isFiltered={isAsked(filters)}
      onClear={() => void navigate({ search: {} })}
      onTurn={(to) => void navigate({ search: { ...filters, cursor: to } })}
    >
      {acts.map((act) => (
        <ActRow key={act.id} act={act} />
      ))}
    </PagedRows>
  );
}

function ActRow({ act }: { readonly act: Act }) {
  const texts = useTexts(actsTexts);
  const zone = useZone();
  return (
    <tr>
      <th scope="row">{moment(act.at, zone)}</th>
      <td className="two">
        {texts.types[act.type] ?? act.type}
        <small>
          <Link to="/admin/ledger" search={{ tab: 'events', stream: act.stream }}>
            {act.stream.length > SHOWN ? `${act.stream.slice(0, SHOWN)}…` : act.stream}
          </Link>
        </small>
      </td>
      <td>{texts.actors[act.actor] ?? nameOf(act.actor)}</td>
      <td className="wrap">
        <Changes act={act} />
      </td>
      <td className="wrap">{act.reason ?? '–'}</td>
      <td className="short" title={act.request_id ?? undefined}>
        {act.request_id === null ? '–' : <code>{act.request_id}</code>}
      </td>
    </tr>
  );
}

/** Of a stream's name: the whole is where it leads to. */
const SHOWN = 28;
/** Of one act, without opening it. */
const FEW = 3;

/** Nothing, in whichever form a program has it. */
const NOTHING: ReadonlySet<string> = new Set(['', 'null', '[]', '{}', '""']);
const shown = (value: string | null): string => (value === null || NOTHING.has(value) ? '–' : value);

function Changes({ act: { changes, more_changes } }: { readonly act: Act }) {
  const texts = useTexts(actsTexts);
  const { named } = useTexts(partTexts);
  const told = changes.filter(({ before, after }) => shown(before) !== shown(after));
  const lines = told.map(({ fact, before, after }) => (
    <li key={fact}>{named(fact, `${shown(before)} → ${shown(after)}`)}</li>
  ));
  if (lines.length === 0) return '–';
  const list = (
    <ul className="change-lines">
      {lines}
      {more_changes > 0 && <li className="muted">{texts.more(count(more_changes))}</li>}
    </ul>
  );
  if (lines.length <= FEW) return list;
  return (
    <details className="as-table">
      <summary>{texts.changes(count(told.length + more_changes))}</summary>
      {list}
    </details>
  );
}
