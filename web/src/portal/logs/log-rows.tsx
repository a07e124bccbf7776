import { Link } from '@tanstack/react-router';
import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { count } from '../../format/numbers.ts';
import { Money } from '../../parts/money.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { useTexts } from '../../texts.ts';
import type { LogRow } from './logs-queries.ts';
import { logsTexts } from './logs.texts.ts';

const KEY = 6;

export const useLogColumns = (): readonly Column[] =>
  useTexts(logsTexts).columns.map((name, index) => ({ name, isFigure: index >= 2 && index < KEY }));

const marks = {
  consume: '',
  topup: 'credit',
  refund: '',
  adjust: 'held',
  grant: 'credit',
  error: 'refused',
} as const;

export function LogBadge({ type }: Pick<LogRow, 'type'>) {
  const { states } = useTexts(logsTexts);
  return <span className={`badge ${marks[type]}`}>{states[type]}</span>;
}

/** What left the balance with `−`, what came in with `+`; a call that failed moved nothing. */
export const Movement = ({ quota }: Pick<LogRow, 'quota'>) => (
  <Money
    quota={quota < 0 ? -quota : quota}
    moves={quota < 0 ? 'in' : 'out'}
    {...(quota < 0 && { meaning: 'credit' as const })}
  />
);

/** Rows of the history; each leads to why. On small screens two lines. */
export function LogRows({ label, rows }: { readonly label: string; readonly rows: readonly LogRow[] }) {
  const columns = useLogColumns();
  return (
    <Table className="two-lines" label={label} columns={columns}>
      {rows.map((row) => (
        <LogTableRow key={row.id} row={row} />
      ))}
    </Table>
  );
}

function LogTableRow({ row }: { readonly row: LogRow }) {
  const texts = useTexts(logsTexts);
  const zone = useZone();
  const time = moment(row.at, zone);
  const what = row.model === '' ? texts.types[row.type] : row.model;
  return (
    <tr>
      <th scope="row" className="two">
        <Link
          to="/portal/logs"
          search={(before: object) => ({ ...before, row: row.id })}
          aria-label={texts.why(what, time)}
        >
          <time>{time}</time>
        </Link>
        <small className="only-narrow">{what}</small>
      </th>
      <td>{what}</td>
      <td className="figure on-line-1">
        {row.type === 'error' ? <span className="muted">$0.00</span> : <Movement quota={row.quota} />}
      </td>
      <td className="figure">{row.balance_after === null ? '–' : <Money quota={row.balance_after} />}</td>
      <td className="figure">{row.model === '' ? '–' : count(row.prompt_tokens)}</td>
      <td className="figure">{row.model === '' ? '–' : count(row.completion_tokens)}</td>
      <td>{row.token_name || '–'}</td>
      <td className="on-line-2 last">
        <LogBadge type={row.type} />
      </td>
    </tr>
  );
}
