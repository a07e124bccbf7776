import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { count } from '../../format/numbers.ts';
import { Loaded, SkeletonLines } from '../../parts/loaded.tsx';
import { Money } from '../../parts/money.tsx';
import { Select } from '../../parts/select.tsx';
import { useTexts } from '../../texts.ts';
import { type Log, logsQuery } from '../logs/log-queries.ts';
import { logsTexts } from '../logs/logs.texts.ts';
import { type Change, changesQuery } from './user-queries.ts';
import { userTexts } from './user.texts.ts';

type Facts = Readonly<Record<string, string>>;
const kinds = ['all', 'money', 'changes'] as const;
type Kind = (typeof kinds)[number];
/** So many movements; the rest stands in the logs. */
const SHOWN = 12;

/** One thing that happened, by its place in the log. */
type Happening =
  | { readonly position: number; readonly log: Log }
  | { readonly position: number; readonly change: Change };

/** `group: default → team`. What was opened had nothing before, and what it is stands above. */
const told = (before: Facts, after: Facts): string =>
  [...new Set(Object.keys(before).length === 0 ? [] : [...Object.keys(before), ...Object.keys(after)])]
    .map((name) => `${name}: ${before[name] ?? '–'} → ${after[name] ?? '–'}`)
    .join(' · ');

/** The newest first. Where there are more movements than these, changes from before the oldest of them would stand in the wrong place. */
function merged(
  logs: readonly Log[],
  changes: readonly Change[],
  kind: Kind,
  isAll: boolean,
): readonly Happening[] {
  const moved = logs.map((log) => ({ position: Number(log.id), log }));
  const oldest = isAll || kind === 'changes' ? -1 : Math.min(...moved.map(({ position }) => position));
  const changed = changes.map((change) => ({ position: change.position, change }));
  return [
    ...(kind === 'changes' ? [] : moved),
    ...(kind === 'money' ? [] : changed.filter(({ position }) => position > oldest)),
  ].toSorted((one, other) => other.position - one.position);
}

/** What happened to a user: charges, payments and corrections, and what others changed of the account. */
export function Timeline({ id }: { readonly id: string }) {
  const texts = useTexts(userTexts);
  const zone = useZone();
  const [kind, setKind] = useState<Kind>('all');
  const logs = useQuery(logsQuery({ external_user_id: id }));
  const changes = useQuery(changesQuery(id));
  return (
    <>
      <div className="filters">
        <Select
          label={texts.kind}
          isFilter
          value={kind}
          options={kinds.map((each) => [each, texts.kinds[each]])}
          onChoose={(chosen) => setKind(kinds.find((each) => each === chosen) ?? 'all')}
        />
      </div>
      <Loaded query={changes} skeleton={<SkeletonLines lines={9} />}>
        {(changed) => (
          <Loaded query={logs} skeleton={<SkeletonLines lines={9} />}>
            {({ logs: rows, total, total_capped, next_cursor }) => (
              <>
                <div className="card-body">
                  <Happenings
                    of={merged(
                      rows.slice(0, SHOWN),
                      changed,
                      kind,
                      next_cursor === null && rows.length <= SHOWN,
                    )}
                  />
                </div>
                <div className="table-foot">
                  <span className="num">{texts.timelineFoot(count(total), total_capped, zone)}</span>
                  <Link className="button small" to="/admin/logs" search={{ external_user_id: id }}>
                    {texts.allMovements}
                  </Link>
                </div>
              </>
            )}
          </Loaded>
        )}
      </Loaded>
    </>
  );
}

function Happenings({ of: happenings }: { readonly of: readonly Happening[] }) {
  const texts = useTexts(userTexts);
  if (happenings.length === 0) return <p className="muted">{texts.noChanges}</p>;
  return (
    <ol className="timeline">
      {happenings.map((each) =>
        'log' in each ? (
          <Movement key={`log ${each.position}`} log={each.log} />
        ) : (
          <Changed key={`change ${each.position}`} change={each.change} />
        ),
      )}
    </ol>
  );
}

const marks = {
  consume: 'charge',
  topup: 'credit',
  refund: 'warning',
  adjust: 'held',
  grant: 'credit',
  error: 'refused',
} as const;

function Movement({ log }: { readonly log: Log }) {
  const texts = useTexts(userTexts);
  const { types } = useTexts(logsTexts);
  const zone = useZone();
  const what = [types[log.type], log.model].filter((each) => each !== '').join(': ');
  return (
    <li className={marks[log.type]}>
      <span className="what">{what}</span>
      <span className="amount">
        <Money
          quota={Math.abs(log.quota)}
          {...(log.quota !== 0 && { moves: log.quota < 0 ? 'in' : 'out' })}
          {...(log.quota < 0 && { meaning: 'credit' })}
        />
      </span>
      <span className="meta">
        {moment(log.at, zone)} · {texts.at(count(BigInt(log.id)))}
        {log.token_name !== '' && ` · ${log.token_name}`}
        {log.code !== null && ` · ${log.code}`} ·{' '}
        <Link
          to="/admin/logs"
          search={{ log: log.id }}
          aria-label={texts.explain(what, moment(log.at, zone))}
        >
          {texts.why}
        </Link>
      </span>
    </li>
  );
}

function Changed({ change }: { readonly change: Change }) {
  const texts = useTexts(userTexts);
  const zone = useZone();
  const { position, event, recorded_at, by, before, after } = change;
  const said = told(before, after);
  return (
    <li className={/suspended|erased/.test(event) ? 'warning' : ''}>
      <span className="what">{texts.events[event.replace(/\.v\d+$/, '')] ?? event}</span>
      <span className="meta">
        {texts.meta(moment(recorded_at, zone), count(position), by)}
        {said !== '' && <br />}
        {said}
      </span>
    </li>
  );
}
