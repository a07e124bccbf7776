import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { count } from '../../format/numbers.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { SkeletonTable, Table } from '../../parts/table.tsx';
import { useTexts } from '../../texts.ts';
import { Nothing } from '../parts/nothing.tsx';
import { PagesFoot } from '../../parts/pages-foot.tsx';
import { WordFilters } from '../parts/word-filters.tsx';
import { eventsQuery, type LedgerEvent } from './ledger-queries.ts';
import { ledgerTexts } from './ledger.texts.ts';

const route = getRouteApi('/_admin/admin/ledger');

/** The log itself, of one stream or one user. */
export function EventsTab() {
  const texts = useTexts(ledgerTexts);
  const { stream, user } = route.useSearch();
  const navigate = route.useNavigate();
  const isAsked = stream !== undefined || user !== undefined;
  return (
    <section className="card">
      <div className="filters">
        <WordFilters
          fields={[
            { name: 'user', label: texts.eventUser },
            { name: 'stream', label: texts.eventStream },
          ]}
          values={{ stream, user }}
          onFilter={({ stream: ofStream, user: ofUser }) =>
            void navigate({
              search: {
                tab: 'events',
                ...(ofStream === undefined ? { user: ofUser } : { stream: ofStream }),
              },
            })
          }
        />
      </div>
      {isAsked ? <Events /> : <Nothing text={texts.eventsEmpty} />}
    </section>
  );
}

function Events() {
  const texts = useTexts(ledgerTexts);
  const zone = useZone();
  const { stream, user, cursor } = route.useSearch();
  const navigate = route.useNavigate();
  const columns = texts.eventColumns.map((name, index) => ({ name, isFigure: index === 5 }));
  const events = useQuery(eventsQuery({ stream, user, cursor }));
  return (
    <Loaded query={events} skeleton={<SkeletonTable label={texts.tabs.events} columns={columns} rows={8} />}>
      {(data) => (
        <>
          {data.events.length === 0 ? (
            <Nothing text={texts.eventsNone} />
          ) : (
            <Table label={texts.tabs.events} columns={columns}>
              {data.events.map((event) => (
                <EventRow key={event.event_id} event={event} />
              ))}
            </Table>
          )}
          <PagesFoot
            isFirst={cursor === undefined}
            hasNext={data.next_cursor !== null}
            onFirst={() => void navigate({ search: ({ cursor: _first, ...rest }) => rest })}
            onNext={() =>
              void navigate({ search: (before) => ({ ...before, cursor: data.next_cursor ?? undefined }) })
            }
          >
            {texts.zone(zone)}
          </PagesFoot>
        </>
      )}
    </Loaded>
  );
}

function EventRow({ event }: { readonly event: LedgerEvent }) {
  const texts = useTexts(ledgerTexts);
  const zone = useZone();
  const facts = Object.entries(event.facts);
  return (
    <tr>
      <th scope="row">{moment(event.recorded_at, zone)}</th>
      <td>{event.type}</td>
      <td className="short" title={texts.revision(event.stream, String(event.revision))}>
        {event.stream}
      </td>
      <td>{event.by || '–'}</td>
      <td className="wrap">
        <details className="as-table">
          <summary>{texts.facts(count(facts.length))}</summary>
          <dl className="facts">
            {facts.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </details>
      </td>
      <td className="figure">{count(event.position)}</td>
    </tr>
  );
}
