import type { ReactNode } from 'react';
import { useZone } from '../../api/status.ts';
import { count } from '../../format/numbers.ts';
import { PagesFoot } from '../../parts/pages-foot.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { Nothing } from './nothing.tsx';

/** Whether anything is asked for but the page. */
export const isAsked = (filters: object): boolean =>
  Object.values(filters).some((value) => value !== undefined);

interface PagedRowsProps {
  readonly columns: readonly Column[];
  readonly texts: {
    readonly title: string;
    readonly none: string;
    readonly noneFound: string;
    readonly shown: (rows: string, zone: string) => string;
    readonly shownCapped: (rows: string, zone: string) => string;
  };
  readonly page: {
    readonly next_cursor: string | null;
    readonly total: number;
    readonly total_capped: boolean;
  };
  readonly cursor: string | undefined;
  readonly isFiltered: boolean;
  readonly onClear: () => void;
  /** Undefined: the first page. */
  readonly onTurn: (cursor: string | undefined) => void;
  /** A row each. */
  readonly children: readonly ReactNode[];
}

/** A page of what was asked for, with how many there are and the way on; or why there is nothing. */
export function PagedRows({
  columns,
  texts,
  page,
  cursor,
  isFiltered,
  onClear,
  onTurn,
  children,
}: PagedRowsProps) {
  const zone = useZone();
  const { next_cursor: next, total, total_capped: isCapped } = page;
  if (children.length === 0)
    return (
      <Nothing text={isFiltered ? texts.noneFound : texts.none} onClear={isFiltered ? onClear : undefined} />
    );
  return (
    <>
      <Table label={texts.title} columns={columns}>
        {children}
      </Table>
      <PagesFoot
        isFirst={cursor === undefined}
        hasNext={next !== null}
        onFirst={() => onTurn(undefined)}
        onNext={() => onTurn(next ?? undefined)}
      >
        {(isCapped ? texts.shownCapped : texts.shown)(count(total), zone)}
      </PagesFoot>
    </>
  );
}
