import type { ReactNode } from 'react';

export interface Column {
  readonly name: ReactNode;
  /** Figures stand to the right. */
  readonly isFigure?: boolean;
  /** For columns whose heading only listeners need. */
  readonly isHidden?: boolean;
}

interface TableProps {
  readonly label: string;
  readonly columns: readonly Column[];
  /** The rows of the body. */
  readonly children: ReactNode;
  readonly foot?: ReactNode;
  readonly className?: string;
}

/** A table that scrolls within itself, also by keyboard. */
export const Table = ({ label, columns, children, foot, className = '' }: TableProps) => (
  <div className={`table-wrap ${className}`} tabIndex={0} role="region" aria-label={label}>
    <table className="table">
      <caption className="hidden-text">{label}</caption>
      <thead>
        <tr>
          {columns.map(({ name, isFigure, isHidden }, index) => (
            <th scope="col" className={isFigure ? 'figure' : undefined} key={index}>
              {isHidden ? <span className="hidden-text">{name}</span> : name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
      {foot}
    </table>
  </div>
);

/** The table as it will be, without its figures. */
export const SkeletonTable = ({
  label,
  columns,
  rows,
  className,
}: Omit<TableProps, 'children'> & { readonly rows: number }) => (
  <Table label={label} columns={columns} className={className ?? ''}>
    {Array.from({ length: rows }, (_, row) => (
      <tr key={row}>
        {columns.map((_column, index) => (
          <td key={index}>
            <span className="skeleton mid" />
          </td>
        ))}
      </tr>
    ))}
  </Table>
);
