import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Loaded, SkeletonLines } from '../../parts/loaded.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { TeamCard } from '../../team/team-card.tsx';
import { teamTexts } from '../../team/team.texts.ts';
import { useTexts } from '../../texts.ts';
import { useMay } from '../parts/may.ts';
import { teamActsOf, teamQuery } from './team-queries.ts';

const route = getRouteApi('/_admin/admin/teams/$id');

/** The team of an account. */
export function TeamPage() {
  const texts = useTexts(teamTexts);
  const { id } = route.useParams();
  const may = useMay();
  const team = useQuery(teamQuery(id));
  return (
    <>
      <PageHead title={`${texts.title}: ${id}`} lead={texts.lead} />
      <p className="small">
        <Link to="/admin/users/$id" params={{ id }}>
          {id}
        </Link>
      </p>
      <Loaded query={team} skeleton={<SkeletonLines lines={6} />}>
        {(data) => <TeamCard team={data.team} acts={may('payments:write') ? teamActsOf(id) : undefined} />}
      </Loaded>
    </>
  );
}
