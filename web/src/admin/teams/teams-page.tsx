import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { count } from '../../format/numbers.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { SkeletonTable } from '../../parts/table.tsx';
import { teamTexts } from '../../team/team.texts.ts';
import { useTexts } from '../../texts.ts';
import { PagedRows } from '../parts/paged-rows.tsx';
import { PaymentTabs } from '../payments/payment-tabs.tsx';
import { type Teams, teamsQuery } from './team-queries.ts';

const route = getRouteApi('/_admin/admin/teams');

const useColumns = () =>
  useTexts(teamTexts).teamColumns.map((name, index) => ({ name, isFigure: index === 2 }));

/** Accounts whose balance is spent by members. */
export function TeamsPage() {
  const texts = useTexts(teamTexts);
  const columns = useColumns();
  const teams = useQuery(teamsQuery(route.useSearch()));
  return (
    <>
      <PageHead title={texts.teams} lead={texts.teamsLead} />
      <PaymentTabs at="teams" />
      <section className="card">
        <Loaded query={teams} skeleton={<SkeletonTable label={texts.teams} columns={columns} rows={6} />}>
          {(data) => <Listed {...data} />}
        </Loaded>
      </section>
    </>
  );
}

function Listed({ teams, ...page }: Teams) {
  const texts = useTexts(teamTexts);
  const columns = useColumns();
  const zone = useZone();
  const { cursor } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <PagedRows
      columns={columns}
      texts={{ ...texts, title: texts.teams, none: texts.noTeams, noneFound: texts.noTeams }}
      page={page}
      cursor={cursor}
      isFiltered={false}
      onClear={() => void navigate({ search: {} })}
      onTurn={(to) => void navigate({ search: { cursor: to } })}
    >
      {teams.map(({ external_user_id: id, name, members, created_at }) => (
        <tr key={id}>
          <th scope="row" className="short" title={id}>
            <Link to="/admin/teams/$id" params={{ id }}>
              {id}
            </Link>
          </th>
          <td>{name}</td>
          <td className="figure">{count(members)}</td>
          <td className="last">{moment(created_at, zone)}</td>
        </tr>
      ))}
    </PagedRows>
  );
}
