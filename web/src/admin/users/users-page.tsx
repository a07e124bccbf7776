import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { count } from '../../format/numbers.ts';
import { Icon } from '../../parts/icon.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Money } from '../../parts/money.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Select } from '../../parts/select.tsx';
import { SkeletonTable, Table } from '../../parts/table.tsx';
import { useTexts } from '../../texts.ts';
import { PagesFoot } from '../../parts/pages-foot.tsx';
import { SearchBox } from '../../parts/search-box.tsx';
import { useMay } from '../parts/may.ts';
import { InviteDialog } from './invite-dialog.tsx';
import { PendingAdjustments } from './pending-adjustments.tsx';
import { UserBadge } from './user-badge.tsx';
import type { UsersSearch } from './users-search.ts';
import { usersTexts } from './users.texts.ts';

const PAGE = 50;
const route = getRouteApi('/_admin/admin/users');

const read = async ({ q, status, after }: UsersSearch, signal: AbortSignal) => {
  const query = {
    limit: PAGE,
    ...(q !== undefined && { q }),
    ...(status !== undefined && { status }),
    ...(after !== undefined && { after }),
  };
  return (await answer(api.GET('/api/admin/users', { signal, params: { query } }))).data;
};
type Listed = Awaited<ReturnType<typeof read>>;

const useColumns = () =>
  useTexts(usersTexts).columns.map((name, index) => ({ name, isFigure: index >= 3 && index <= 5 }));

/** Whom there is, and what they have. */
export function UsersPage() {
  const texts = useTexts(usersTexts);
  const columns = useColumns();
  const mayInvite = useMay()('users:write');
  const [isInviting, setInviting] = useState(false);
  const search = route.useSearch();
  const users = useQuery({
    queryKey: ['admin', 'users', search],
    queryFn: ({ signal }) => read(search, signal),
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <PageHead
        title={texts.title}
        lead={texts.lead}
        actions={
          mayInvite && (
            <button className="button" type="button" onClick={() => setInviting(true)}>
              <Icon name="mail" />
              {texts.invite}
            </button>
          )
        }
      />
      <PendingAdjustments />
      <section className="card">
        <Filters />
        <Loaded
          query={users}
          skeleton={<SkeletonTable className="two-lines" label={texts.title} columns={columns} rows={8} />}
        >
          {(data) => <Users {...data} />}
        </Loaded>
      </section>
      {isInviting && <InviteDialog onClose={() => setInviting(false)} />}
    </>
  );
}

function Filters() {
  const texts = useTexts(usersTexts);
  const { q = '', status = '' } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <div className="filters">
      <SearchBox
        label={texts.search}
        hint={texts.searchHint}
        value={q}
        onSearch={(text) =>
          void navigate({ search: ({ status: kept }) => ({ status: kept, q: text || undefined }) })
        }
      />
      <Select
        label={texts.status}
        isFilter
        value={status}
        options={[['', texts.anyStatus], ...Object.entries(texts.states)]}
        onChoose={(chosen) =>
          void navigate({
            search: ({ q: kept }) => ({ q: kept, status: (chosen || undefined) as UsersSearch['status'] }),
          })
        }
      />
    </div>
  );
}

function Users({ users, next_after }: Listed) {
  const texts = useTexts(usersTexts);
  const columns = useColumns();
  const zone = useZone();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  if (users.length === 0) return <Nobody />;
  return (
    <>
      <Table className="two-lines" label={texts.title} columns={columns}>
        {users.map((user) => (
          <tr key={user.user_id}>
            <th scope="row" className="two">
              <Link to="/admin/users/$id" params={{ id: user.external_user_id }}>
                {user.username || user.external_user_id}
              </Link>
              <small>{user.external_user_id}</small>
            </th>
            <td className="on-line-1">
              <UserBadge state={user.status} />
            </td>
            <td>{user.group}</td>
            <td className="figure on-line-2 last">
              <Money quota={user.current_quota} />
            </td>
            <td className="figure">
              <Money quota={user.used_quota} />
            </td>
            <td className="figure">{count(user.total_requests)}</td>
            <td>{moment(user.created_at, zone)}</td>
          </tr>
        ))}
      </Table>
      <PagesFoot
        isFirst={search.after === undefined}
        hasNext={next_after !== null}
        onFirst={() => void navigate({ search: (before) => ({ ...before, after: undefined }) })}
        onNext={() => void navigate({ search: (before) => ({ ...before, after: next_after ?? undefined }) })}
      >
        {texts.shown(count(users.length), zone)}
      </PagesFoot>
    </>
  );
}

function Nobody() {
  const texts = useTexts(usersTexts);
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const isFiltered = Object.values(search).some((value) => value !== undefined);
  return (
    <div className="empty">
      <p>{isFiltered ? texts.noneFound : texts.none}</p>
      {isFiltered && (
        <div className="actions">
          <button className="button" type="button" onClick={() => void navigate({ search: {} })}>
            {texts.clear}
          </button>
        </div>
      )}
    </div>
  );
}
