import type { ReactNode } from 'react';
import { useTexts } from '../texts.ts';
import { Icon } from './icon.tsx';
import { partTexts } from './parts.texts.ts';

export interface RowColumn<Name extends string> {
  readonly name: Name;
  readonly label: string;
  readonly suffix?: string;
  readonly isText?: true;
}

interface RowsProps<Name extends string> {
  readonly title: string;
  readonly hint?: string;
  readonly columns: readonly RowColumn<Name>[];
  readonly rows: readonly Readonly<Record<Name, string>>[];
  /** What a row that is added says at first. */
  readonly empty: Readonly<Record<Name, string>>;
  /** What the API says of a cell. */
  readonly errorOf: (row: number, name: Name) => string | undefined;
  readonly onChange: (rows: readonly Readonly<Record<Name, string>>[]) => void;
}

/** A small table that is filled in: rows are added, removed and put in another order. */
export function Rows<Name extends string>({
  title,
  hint,
  columns,
  rows,
  empty,
  errorOf,
  onChange,
}: RowsProps<Name>) {
  const texts = useTexts(partTexts);
  const up = (index: number) => {
    const [row] = rows.slice(index, index + 1);
    if (row) onChange(rows.toSpliced(index, 1).toSpliced(index - 1, 0, row));
  };
  return (
    <fieldset className="rows">
      <legend>{title}</legend>
      {hint !== undefined && <p className="hint">{hint}</p>}
      {rows.map((row, index) => (
        <div className="rows-row" key={index}>
          {columns.map((column) => (
            <RowCell
              key={column.name}
              column={column}
              label={texts.cellOf(column.label, String(index + 1))}
              isFirst={index === 0}
              value={row[column.name]}
              error={errorOf(index, column.name)}
              onType={(value) => onChange(rows.with(index, { ...row, [column.name]: value }))}
            />
          ))}
          <div className="rows-acts">
            <button
              className="button quiet small icon-only"
              type="button"
              aria-label={texts.rowUp(String(index + 1))}
              disabled={index === 0}
              onClick={() => up(index)}
            >
              <Icon name="up" small />
            </button>
            <button
              className="button quiet small icon-only"
              type="button"
              aria-label={texts.rowRemove(String(index + 1))}
              onClick={() => onChange(rows.toSpliced(index, 1))}
            >
              <Icon name="x" small />
            </button>
          </div>
        </div>
      ))}
      <button className="button small" type="button" onClick={() => onChange([...rows, empty])}>
        <Icon name="plus" small />
        {texts.rowAdd}
      </button>
    </fieldset>
  );
}

interface CellProps<Name extends string> {
  readonly column: RowColumn<Name>;
  /** With the number of its row, for who does not see where it stands. */
  readonly label: string;
  readonly isFirst: boolean;
  readonly value: string;
  readonly error: string | undefined;
  readonly onType: (value: string) => void;
}

/** One field of a row. */
export function RowCell<Name extends string>({
  column,
  label,
  isFirst,
  value,
  error,
  onType,
}: CellProps<Name>) {
  const input: ReactNode = (
    <input
      className={column.isText ? 'input' : 'input figure'}
      inputMode={column.isText ? 'text' : 'decimal'}
      aria-label={label}
      aria-invalid={error !== undefined || undefined}
      title={error}
      spellCheck={false}
      autoComplete="off"
      value={value}
      onChange={({ target }) => onType(target.value)}
    />
  );
  return (
    <div className="rows-cell">
      {isFirst && <span className="small muted">{column.label}</span>}
      {column.suffix === undefined ? (
        input
      ) : (
        <div className="affix">
          {input}
          <span>{column.suffix}</span>
        </div>
      )}
      {error !== undefined && <p className="field-error">{error}</p>}
    </div>
  );
}
