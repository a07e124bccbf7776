import { queryOptions, useMutation, useQuery } from '@tanstack/react-query';
import { answer, api } from '../../api/client.ts';
import { queryClient } from '../../api/queries.ts';
import { useZone } from '../../api/status.ts';
import { dateTime } from '../../format/dates.ts';
import { FormFailure } from '../../parts/failure.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Card } from '../../parts/page-head.tsx';
import { type Column, SkeletonTable, Table } from '../../parts/table.tsx';
import { say } from '../../parts/toasts.tsx';
import { useTexts } from '../../texts.ts';
import { browserName } from '../../format/browser-name.ts';
import { settingsTexts } from './settings.texts.ts';

const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: async ({ signal }) => (await answer(api.GET('/api/auth/sessions', { signal }))).data.sessions,
});
type Session = Awaited<ReturnType<NonNullable<(typeof sessionsQuery)['queryFn']>>>[number];

const LAST_COLUMN = 4;
const refresh = () => queryClient.invalidateQueries({ queryKey: sessionsQuery.queryKey });

/** Where one is signed in, and how to end it. */
export function SessionsCard() {
  const texts = useTexts(settingsTexts);
  const zone = useZone();
  const sessions = useQuery(sessionsQuery);
  const endOthers = useMutation({
    mutationFn: () => answer(api.POST('/api/auth/sessions/end-others')),
    onSuccess: ({ data }) => {
      say(data.ended === 0 ? texts.noneOther : texts.endedOthers(data.ended));
      return refresh();
    },
  });
  const columns: readonly Column[] = texts.columns.map((name, index) => ({
    name,
    isHidden: index === LAST_COLUMN,
  }));
  return (
    <Card
      title={texts.sessions}
      aside={
        <button
          className="button small"
          type="button"
          disabled={endOthers.isPending}
          onClick={() => endOthers.mutate()}
        >
          {texts.endOthers}
        </button>
      }
      foot={texts.times(zone)}
    >
      <FormFailure error={endOthers.error} />
      <Loaded query={sessions} skeleton={<SkeletonTable label={texts.sessions} columns={columns} rows={2} />}>
        {(shown) => (
          <Table label={texts.sessions} columns={columns}>
            {shown.map((session) => (
              <SessionRow key={session.id} session={session} zone={zone} />
            ))}
          </Table>
        )}
      </Loaded>
    </Card>
  );
}

function SessionRow({ session, zone }: { readonly session: Session; readonly zone: string }) {
  const texts = useTexts(settingsTexts);
  const end = useMutation({
    mutationFn: () => answer(api.DELETE('/api/auth/sessions/{id}', { params: { path: { id: session.id } } })),
    onSuccess: () => {
      say(texts.ended);
      return refresh();
    },
  });
  const name = browserName(session.agent);
  return (
    <tr>
      <th scope="row" className="two" title={session.agent}>
        {name}
        {session.via !== null && <small>{texts.via(session.via)}</small>}
      </th>
      <td>{session.address_block}</td>
      <td>
        <time>{dateTime(session.created_at * 1000, zone)}</time>
      </td>
      <td>
        <time>{dateTime(session.seen_at * 1000, zone)}</time>
      </td>
      <td>
        {session.current ? (
          <span className="badge credit">{texts.thisOne}</span>
        ) : (
          <button
            className="button small"
            type="button"
            aria-label={`${texts.end}: ${name}`}
            disabled={end.isPending}
            onClick={() => end.mutate()}
          >
            {texts.end}
          </button>
        )}
      </td>
    </tr>
  );
}
