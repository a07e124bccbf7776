import { useQuery } from '@tanstack/react-query';
import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { count } from '../../format/numbers.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { useTexts } from '../../texts.ts';
import { changesQuery } from './user-queries.ts';
import { userTexts } from './user.texts.ts';

type Facts = Readonly<Record<string, string>>;

/** `group: default → team`. What was opened had nothing before, and what it is stands above. */
const told = (before: Facts, after: Facts): string =>
  [...new Set(Object.keys(before).length === 0 ? [] : [...Object.keys(before), ...Object.keys(after)])]
    .map((name) => `${name}: ${before[name] ?? '–'} → ${after[name] ?? '–'}`)
    .join(' · ');

/** What happened to a user, the newest first: by whom, and what it was before. */
export function Changes({ id }: { readonly id: string }) {
  const texts = useTexts(userTexts);
  const zone = useZone();
  const changes = useQuery(changesQuery(id));
  return (
    <Loaded
      query={changes}
      skeleton={
        <div className="card-body">
          <span className="skeleton mid" />
        </div>
      }
    >
      {(data) => (
        <>
          <div className="card-body">
            {data.length === 0 && <p className="muted">{texts.noChanges}</p>}
            <ol className="timeline">
              {data.toReversed().map(({ position, event, recorded_at, by, before, after }) => (
                <li key={position} className={/suspended|erased/.test(event) ? 'warning' : ''}>
                  <span className="what">{texts.events[event.replace(/\.v\d+$/, '')] ?? event}</span>
                  <span className="meta">
                    {texts.meta(moment(recorded_at, zone), count(position), by)}
                    <br />
                    {told(before, after)}
                  </span>
                </li>
              ))}
            </ol>
          </div>
          <div className="table-foot">
            <span className="num">{texts.changesFoot(count(data.length), zone)}</span>
          </div>
        </>
      )}
    </Loaded>
  );
}
