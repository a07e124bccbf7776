import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { count } from '../../format/numbers.ts';
import { Icon } from '../../parts/icon.tsx';
import { Loaded, SkeletonLines } from '../../parts/loaded.tsx';
import { Money } from '../../parts/money.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Select } from '../../parts/select.tsx';
import { useTexts } from '../../texts.ts';
import { useMay } from '../parts/may.ts';
import { Checklist } from './checklist.tsx';
import { ChannelStrip } from './channel-strip.tsx';
import { NeedsYou } from './needs-you.tsx';
import { type Overview, overviewQuery } from './overview-query.ts';
import type { Days } from './overview-search.ts';
import { overviewTexts } from './overview.texts.ts';
import { Spending } from './spending.tsx';

const route = getRouteApi('/_admin/admin');

/** How the service does: what was spent, how calls ended, what is owed, and what waits for somebody. */
export function OverviewPage() {
  const texts = useTexts(overviewTexts);
  const zone = useZone();
  const { days = 1 } = route.useSearch();
  const navigate = route.useNavigate();
  const overview = useQuery(overviewQuery);
  const { data, dataUpdatedAt } = overview;
  const from = data?.traffic.find((each) => each.days === days)?.from;
  return (
    <>
      <PageHead
        title={texts.title}
        lead={from && texts.lead(from, moment(dataUpdatedAt / 1000, zone).slice(11, 16), zone)}
        actions={
          <Select
            label={texts.span}
            isFilter
            value={String(days)}
            options={([1, 7, 30] as const).map((each) => [String(each), texts.spans[each]])}
            onChoose={(chosen) =>
              void navigate({ search: chosen === '1' ? {} : { days: Number(chosen) as Days } })
            }
          />
        }
      />
      <Loaded
        query={overview}
        skeleton={
          <section className="card">
            <SkeletonLines lines={9} />
          </section>
        }
      >
        {(loaded) => (
          <>
            <Freshness overview={loaded} />
            <Checklist />
            <Stats overview={loaded} days={days} />
            <div className="split">
              <Spending days={days} from={from} />
              <NeedsYou overview={loaded} />
            </div>
            {loaded.channels && <ChannelStrip channels={loaded.channels} />}
          </>
        )}
      </Loaded>
    </>
  );
}

/** Whether what is shown is what is in the log. */
function Freshness({ overview: { lag, liability, verification } }: { readonly overview: Overview }) {
  const texts = useTexts(overviewTexts);
  const zone = useZone();
  const may = useMay();
  const seconds = Math.max(0, ...lag.map(({ behind_seconds }) => behind_seconds ?? 0));
  const isUnknown = lag.some(({ behind_positions }) => behind_positions === null);
  const isFresh = !isUnknown && lag.every(({ behind_positions }) => behind_positions === '0');
  const agrees = verification?.clean !== false;
  const position = count(BigInt(liability.position));
  const state = isFresh ? texts.fresh : isUnknown ? texts.unknown : texts.behind(count(Math.ceil(seconds)));
  return (
    <div className={`banner ${agrees ? (isFresh ? 'credit' : 'warning') : 'refused'}`}>
      <Icon name={agrees ? (isFresh ? 'check' : 'clock') : 'alert'} />
      <p>
        <strong>{verification && isFresh ? (agrees ? texts.agree : texts.disagree) : state}</strong>
        {verification ? (
          <>
            {texts.gap}
            {(agrees ? texts.verified : texts.verifiedNot)(count(BigInt(verification.position)))}
            {texts.gap}
            {texts.checked} <time className="whole">{moment(verification.at, zone)}</time>
            {texts.stop}
            {isFresh && `${texts.gap}${state}`}
          </>
        ) : (
          `${texts.gap}${texts.neverVerified}`
        )}
        {texts.gap}
        {texts.position(position)}
      </p>
      {may('audit:read') && (
        <Link to="/admin/ledger/verify" search={verification ? { job: verification.job_id } : {}}>
          {verification ? texts.seeCheck : texts.openVerify}
        </Link>
      )}
    </div>
  );
}

function Stats({ overview, days }: { readonly overview: Overview; readonly days: Days }) {
  const texts = useTexts(overviewTexts);
  const traffic = overview.traffic.find((each) => each.days === days);
  const { response_times: times, liability } = overview;
  const seconds = (milliseconds: number) => count(Math.round(milliseconds / 100) / 10);
  return (
    <dl className="stats">
      <div className="stat">
        <dt>{texts.spent}</dt>
        <dd>{traffic ? <Money usd={traffic.usd} /> : '–'}</dd>
        {traffic && <dd className="stat-note">{texts.quota(count(traffic.quota))}</dd>}
      </div>
      <div className="stat">
        <dt>{texts.calls}</dt>
        <dd>{traffic ? count(traffic.requests + traffic.failed) : '–'}</dd>
        {traffic && <dd className="stat-note">{texts.failed(count(traffic.failed))}</dd>}
      </div>
      <div className="stat">
        <dt>{texts.answered}</dt>
        <dd>{traffic && traffic.success_percent !== null ? `${count(traffic.success_percent)} %` : '–'}</dd>
        {traffic && <dd className="stat-note">{texts.answeredNote(count(traffic.requests))}</dd>}
      </div>
      <div className="stat">
        <dt>{texts.times}</dt>
        <dd>{times ? `${seconds(times.p50_ms)} / ${seconds(times.p95_ms)} s` : '–'}</dd>
        {times && <dd className="stat-note">{texts.timesNote(count(times.calls))}</dd>}
      </div>
      <div className="stat">
        <dt>{texts.owed}</dt>
        <dd>
          <Money usd={liability.usd} />
        </dd>
        <dd className="stat-note">
          <Link to="/admin/users">{texts.accounts(count(liability.accounts))}</Link>
        </dd>
      </div>
    </dl>
  );
}
