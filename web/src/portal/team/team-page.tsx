import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ActDialog } from '../../parts/act-dialog.tsx';
import { Code } from '../../parts/code.tsx';
import { Field } from '../../parts/field.tsx';
import { Loaded, SkeletonLines } from '../../parts/loaded.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { TeamCard } from '../../team/team-card.tsx';
import type { Team } from '../../team/team-types.ts';
import { teamTexts } from '../../team/team.texts.ts';
import { useTexts } from '../../texts.ts';
import { keysQuery } from '../keys/keys-queries.ts';
import { makeTeamKey, membershipsQuery, ownTeamActs, teamQuery } from './team-queries.ts';

/** The team of one's own account, and the teams that one is a member of. */
export function TeamPage() {
  const texts = useTexts(teamTexts);
  const team = useQuery(teamQuery);
  const memberships = useQuery(membershipsQuery);
  const { data: keys = [] } = useQuery(keysQuery);
  const assignable = keys
    .filter(({ state }) => state === 'enabled')
    .map(({ token_id: tokenId, name, key: mask }) => ({ tokenId, name: `${name} ${mask}` }));
  const skeleton = (
    <section className="card">
      <SkeletonLines lines={6} />
    </section>
  );
  return (
    <>
      <PageHead title={texts.title} lead={texts.lead} />
      <Loaded query={team} skeleton={skeleton}>
        {(data) => <TeamCard team={data.team} acts={ownTeamActs} keys={assignable} />}
      </Loaded>
      <Loaded query={memberships} skeleton={skeleton}>
        {({ teams }) => (
          <>
            {teams.length > 0 && <h2>{texts.memberships}</h2>}
            {teams.map((each) => (
              <Membership key={each.external_user_id} team={each} />
            ))}
          </>
        )}
      </Loaded>
    </>
  );
}

function Membership({ team }: { readonly team: Team }) {
  const texts = useTexts(teamTexts);
  const [name, setName] = useState<string>();
  const [made, setMade] = useState<string>();
  return (
    <>
      <TeamCard team={team} />
      {made !== undefined && <Code label={texts.newKey} text={made} />}
      <div className="actions">
        <button className="button quiet" type="button" onClick={() => setName('')}>
          {texts.makeKey}
        </button>
      </div>
      {name !== undefined && (
        <ActDialog
          title={`${texts.makeKey}: ${team.name}`}
          {...{ effect: texts.makeKeyEffect, action: texts.makeKey, said: texts.keyMade }}
          asksReason={false}
          fields={['token_name']}
          act={async () => {
            const { access_key: key } = await makeTeamKey(team.external_user_id, name.trim());
            setMade(key ?? undefined);
          }}
          refreshes={ownTeamActs.refreshes}
          onClose={() => setName(undefined)}
        >
          {(errorOf) => (
            <Field
              label={texts.keyName}
              value={name}
              error={errorOf('token_name')}
              onChange={({ target }) => setName(target.value)}
            />
          )}
        </ActDialog>
      )}
    </>
  );
}
