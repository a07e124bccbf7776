import { useMutation, useQuery } from '@tanstack/react-query';
import { queryClient } from '../api/queries.ts';
import { useZone } from '../api/status.ts';
import { dateTime } from '../format/dates.ts';
import { FormFailure } from '../parts/failure.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Card } from '../parts/page-head.tsx';
import { type Column, SkeletonTable, Table } from '../parts/table.tsx';
import { say } from '../parts/toasts.tsx';
import { useTexts } from '../texts.ts';
import { browserName } from '../format/browser-name.ts';
import type { SessionDesk, ShownSession } from './session-desk.ts';
import { sessionTexts } from './sessions.texts.ts';

const LAST_COLUMN = 4;
/** A session of a program has no browser, and its own name for itself. */
const PROGRAM = 'token';

/** Where one is signed in, and how to end it. */
export function SessionsCard({ desk }: { readonly desk: SessionDesk }) {
  const texts = useTexts(sessionTexts);
  const zone = useZone();
  const sessions = useQuery({ queryKey: desk.key, queryFn: ({ signal }) => desk.list(signal) });
  const columns: readonly Column[] = texts.columns.map((name, index) => ({
    name,
    isHidden: index === LAST_COLUMN,
  }));
  return (
    <Card
      title={texts.sessions}
      aside={desk.endOthers && <EndOthers keyOf={desk.key} endOthers={desk.endOthers} />}
      foot={texts.times(zone)}
    >
      <Loaded query={sessions} skeleton={<SkeletonTable label={texts.sessions} columns={columns} rows={2} />}>
        {(shown) =>
          shown.length === 0 ? (
            <p className="card-body">{texts.none}</p>
          ) : (
            <Table label={texts.sessions} columns={columns}>
              {shown.map((session) => (
                <SessionRow key={session.id} session={session} zone={zone} desk={desk} />
              ))}
            </Table>
          )
        }
      </Loaded>
    </Card>
  );
}

interface EndOthersProps {
  readonly keyOf: SessionDesk['key'];
  readonly endOthers: NonNullable<SessionDesk['endOthers']>;
}

function EndOthers({ keyOf, endOthers }: EndOthersProps) {
  const texts = useTexts(sessionTexts);
  const ending = useMutation({
    mutationFn: endOthers,
    onSuccess: (ended) => {
      say(ended === 0 ? texts.noneOther : texts.endedOthers(ended));
      return queryClient.invalidateQueries({ queryKey: keyOf });
    },
  });
  return (
    <>
      <FormFailure error={ending.error} />
      <button
        className="button small"
        type="button"
        disabled={ending.isPending}
        onClick={() => ending.mutate()}
      >
        {texts.endOthers}
      </button>
    </>
  );
}

interface SessionRowProps {
  readonly session: ShownSession;
  readonly zone: string;
  readonly desk: SessionDesk;
}

function SessionRow({ session, zone, desk }: SessionRowProps) {
  const texts = useTexts(sessionTexts);
  const end = useMutation({
    mutationFn: () => desk.end(session.id),
    onSuccess: () => {
      say(texts.ended);
      return queryClient.invalidateQueries({ queryKey: desk.key });
    },
  });
  const isProgram = session.method === PROGRAM;
  const name = isProgram ? texts.program : browserName(session.agent);
  return (
    <tr>
      <th scope="row" className="two" title={session.agent}>
        {name}
        {session.via !== null && <small>{texts.via(session.via)}</small>}
        {isProgram && <small>{session.agent}</small>}
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
