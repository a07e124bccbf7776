import { getRouteApi, Link } from '@tanstack/react-router';
import { count } from '../../../format/numbers.ts';
import { Icon } from '../../../parts/icon.tsx';
import { Card } from '../../../parts/page-head.tsx';
import { Table } from '../../../parts/table.tsx';
import { Tabs } from '../../../parts/tabs.tsx';
import { useTexts } from '../../../texts.ts';
import { FactsCard } from '../../explanation/facts.tsx';
import type { Job } from '../jobs/job-queries.ts';
import { reconcileTexts } from './reconcile.texts.ts';

const route = getRouteApi('/_admin/admin/ledger/jobs/$id');

type Cell = string | number | null;
type Row = Readonly<Record<string, Cell>>;

interface Reconciliation {
  readonly clean: boolean;
  readonly facts: Readonly<Record<string, Cell>>;
  readonly totals: readonly Row[];
  readonly columns: readonly string[];
  readonly classes: readonly {
    readonly class: string;
    readonly count: number;
    readonly rows: readonly Row[];
  }[];
}

/** What a reconciliation found: whether all agrees, the totals, and each class of rows by itself. */
export function Found({ job }: { readonly job: Job }) {
  const texts = useTexts(reconcileTexts);
  const found = job.outcome as unknown as Reconciliation;
  return (
    <>
      <div className={`banner ${found.clean ? 'credit' : 'refused'}`}>
        <Icon name={found.clean ? 'check' : 'alert'} />
        <p>
          <strong>{found.clean ? texts.clean : texts.differs}</strong>{' '}
          {found.clean ? texts.cleanNote : texts.differsNote}
        </p>
      </div>
      <Classes id={job.id} found={found} />
      {found.totals.length > 0 && (
        <Card title={texts.totals}>
          <Rows label={texts.totals} names={Object.keys(found.totals[0] ?? {})} rows={found.totals} />
        </Card>
      )}
      <FactsCard
        title={texts.compared}
        facts={Object.entries(found.facts).map(([name, value]) => [name, told(value)] as const)}
      />
    </>
  );
}

interface ClassesProps {
  readonly id: string;
  readonly found: Reconciliation;
}

function Classes({ id, found: { classes, columns } }: ClassesProps) {
  const texts = useTexts(reconcileTexts);
  const { class: chosen } = route.useSearch();
  const shown = classes.find((each) => each.class === chosen) ?? classes[0];
  if (!shown) return null;
  // Columns in which nothing stands say nothing.
  const names = columns.filter(
    (name) => name !== 'class' && shown.rows.some((row) => row[name] !== '' && row[name] !== null),
  );
  return (
    <section className="card">
      <Tabs label={texts.classes}>
        {classes.map((each) => (
          <Link
            key={each.class}
            to="/admin/ledger/jobs/$id"
            params={{ id }}
            search={{ class: each.class }}
            aria-current={each === shown ? 'page' : undefined}
            activeProps={{ 'aria-current': each === shown ? 'page' : undefined }}
          >
            {each.class} <span className="meta">{count(each.count)}</span>
          </Link>
        ))}
      </Tabs>
      <Rows label={shown.class} names={names} rows={shown.rows} />
      <div className="card-foot">
        {shown.rows.length < shown.count
          ? texts.shownOf(count(shown.rows.length), count(shown.count))
          : texts.all(count(shown.count))}
      </div>
    </section>
  );
}

interface RowsProps {
  readonly label: string;
  readonly names: readonly string[];
  readonly rows: readonly Row[];
}

function Rows({ label, names, rows }: RowsProps) {
  const columns = names.map((name) => ({ name, isFigure: FIGURES.test(name) }));
  return (
    <Table label={label} columns={columns}>
      {rows.map((row, index) => (
        <tr key={index}>
          {columns.map(({ name, isFigure }) => (
            <td key={name} className={isFigure ? 'figure' : undefined}>
              {told(row[name])}
            </td>
          ))}
        </tr>
      ))}
    </Table>
  );
}

const FIGURES = /usd$|amount|^count$|quota|tokens|calls|margin/;

const told = (value: Cell | undefined): string =>
  value === null || value === undefined || value === '' ? '–' : String(value);
