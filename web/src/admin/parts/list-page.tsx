import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Icon } from '../../parts/icon.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { SkeletonTable, Table } from '../../parts/table.tsx';
import { Nothing } from './nothing.tsx';

interface ListPageProps<Item> {
  readonly title: string;
  readonly lead: string;
  /** The last one is of acts: named for those alone who hear it, and not there for who may do nothing. */
  readonly columns: readonly string[];
  readonly query: UseQueryResult<readonly Item[]>;
  /** Said where there are none; absent: there always are. */
  readonly none?: string;
  /** Undefined for who may add nothing. */
  readonly add: { readonly name: string; readonly onAdd: () => void } | undefined;
  readonly row: (item: Item) => ReactNode;
}

/** All there is of a few things, in one table, and the way to one more. */
export function ListPage<Item>({ title, lead, columns: names, query, none, add, row }: ListPageProps<Item>) {
  const columns = names
    .map((name, index) => ({ name, isHidden: index === names.length - 1 }))
    .slice(0, add ? names.length : -1);
  return (
    <>
      <PageHead
        title={title}
        lead={lead}
        actions={
          add && (
            <button className="button primary" type="button" onClick={add.onAdd}>
              <Icon name="plus" />
              {add.name}
            </button>
          )
        }
      />
      <section className="card">
        <Loaded query={query} skeleton={<SkeletonTable label={title} columns={columns} rows={4} />}>
          {(items) =>
            items.length === 0 && none !== undefined ? (
              <Nothing text={none} />
            ) : (
              <Table label={title} columns={columns}>
                {items.map(row)}
              </Table>
            )
          }
        </Loaded>
      </section>
    </>
  );
}
