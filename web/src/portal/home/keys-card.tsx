import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { QUOTA_PER_USD, roundedUsd } from '../../format/money.ts';
import { count } from '../../format/numbers.ts';
import { Loaded, SkeletonLines } from '../../parts/loaded.tsx';
import { Card } from '../../parts/page-head.tsx';
import { useTexts } from '../../texts.ts';
import { KeyBar } from '../keys/key-row.tsx';
import { keysQuery, type PersonKey } from '../keys/keys-queries.ts';
import { keysTexts } from '../keys/keys.texts.ts';
import { balanceQuery } from './balance-query.ts';
import { homeTexts } from './home.texts.ts';

const SHOWN = 3;
const usd = (quota: number) => roundedUsd(quota / QUOTA_PER_USD);

/** The keys that spent most. */
export function KeysCard() {
  const texts = useTexts(homeTexts);
  const keys = useQuery(keysQuery);
  return (
    <Card title={texts.keys} aside={<Link to="/portal/keys">{texts.allKeys}</Link>}>
      <Loaded query={keys} skeleton={<SkeletonLines lines={6} />}>
        {(all) => <Keys active={all.filter(({ state }) => state === 'enabled')} all={all} />}
      </Loaded>
    </Card>
  );
}

function Keys({
  active,
  all,
}: {
  readonly active: readonly PersonKey[];
  readonly all: readonly PersonKey[];
}) {
  const texts = useTexts(homeTexts);
  const zone = useZone();
  const most = active.toSorted((one, other) => other.used_quota - one.used_quota).slice(0, SHOWN);
  const last = Math.max(0, ...all.map(({ last_used_at }) => last_used_at ?? 0));
  return (
    <div className="card-body">
      {most.length === 0 && <p className="muted">{texts.noKey}</p>}
      <ul className="stack">
        {most.map((key) => (
          <KeyItem key={key.token_id} of={key} />
        ))}
      </ul>
      <dl className="facts">
        <div>
          <dt>{texts.activeKeys}</dt>
          <dd>{count(active.length)}</dd>
        </div>
        <div>
          <dt>{texts.lastUse}</dt>
          <dd>
            <time>{last === 0 ? texts.never : moment(last, zone)}</time>
          </dd>
        </div>
        <Refused />
      </dl>
    </div>
  );
}

/** As far as they are counted. */
const MOST_REFUSED = 1_000;

/** Calls that were refused or failed lately, and lead to why. */
function Refused() {
  const texts = useTexts(homeTexts);
  const { data } = useQuery(balanceQuery);
  if (!data) return null;
  const refused = count(data.refused_24_hours);
  return (
    <div>
      <dt>{texts.refused}</dt>
      <dd>
        {data.refused_24_hours === 0 ? (
          refused
        ) : (
          <Link to="/portal/logs" search={{ type: 'error' }}>
            {data.refused_24_hours < MOST_REFUSED ? refused : texts.refusedMost(refused)}
          </Link>
        )}
      </dd>
    </div>
  );
}

function KeyItem({ of: key }: { readonly of: PersonKey }) {
  const { noLimit } = useTexts(keysTexts);
  return (
    <li className="stack-tight">
      <div className="row-apart small">
        <strong>{key.name}</strong>
        {key.quota_limit === null ? (
          <span className="muted">{noLimit}</span>
        ) : (
          <span className="num">
            {usd(key.used_quota)} / {usd(key.quota_limit)}
          </span>
        )}
      </div>
      <KeyBar of={key} />
    </li>
  );
}
