import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { count } from '../../format/numbers.ts';
import { Icon } from '../../parts/icon.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Money } from '../../parts/money.tsx';
import { Card, PageHead } from '../../parts/page-head.tsx';
import { useTexts } from '../../texts.ts';
import { useMay } from '../parts/may.ts';
import { Tabs } from '../../parts/tabs.tsx';
import { UserBadge } from '../users/user-badge.tsx';
import { BalanceAt } from './balance-at.tsx';
import { Timeline } from './timeline.tsx';
import { UserActs } from './user-acts.tsx';
import { UserKeys } from './user-keys.tsx';
import { UserMonth } from './user-month.tsx';
import { balanceQuery, type User, userQuery } from './user-queries.ts';
import { type UserTab, userTabs } from './user-search.ts';
import { userTexts } from './user.texts.ts';

const route = getRouteApi('/_admin/admin/users/$id');

/** One user: what they have, what happened to it, and what can be done. */
export function UserPage() {
  const texts = useTexts(userTexts);
  const { id } = route.useParams();
  const zone = useZone();
  const user = useQuery(userQuery(id));
  const { data } = user;
  const crumb = (
    <Link className="crumb" to="/admin/users">
      <Icon name="back" small />
      {texts.users}
    </Link>
  );
  return (
    <>
      <PageHead
        title={data?.username || id}
        crumb={crumb}
        lead={
          data && (
            <>
              <UserBadge state={data.status} /> {texts.group(data.group)} ·{' '}
              {texts.since(moment(data.created_at, zone).slice(0, 10))} · <code>{id}</code>
            </>
          )
        }
        actions={data && <UserActs user={data} />}
      />
      <Loaded query={user} skeleton={<div className="stats skeleton" />}>
        {(loaded) => <Figures user={loaded} />}
      </Loaded>
    </>
  );
}

function Figures({ user }: { readonly user: User }) {
  const may = useMay();
  const mayAudit = may('audit:read');
  const { tab } = route.useSearch();
  const tabs = userTabs.filter((each) => each === 'keys' || mayAudit);
  const shown = tab !== undefined && tabs.includes(tab) ? tab : (tabs[0] ?? 'keys');
  return (
    <>
      <Stats user={user} />
      <div className={mayAudit || user.personal ? 'split' : 'stack'}>
        <UserTabs user={user} tabs={tabs} shown={shown} />
        {(mayAudit || user.personal) && (
          <div className="stack">
            {mayAudit && <BalanceAt id={user.external_user_id} />}
            {user.personal && <Person personal={user.personal} />}
          </div>
        )}
      </div>
    </>
  );
}

interface UserTabsProps {
  readonly user: User;
  readonly tabs: readonly UserTab[];
  readonly shown: UserTab;
}

function UserTabs({ user: { external_user_id: id, keys }, tabs, shown }: UserTabsProps) {
  const texts = useTexts(userTexts);
  return (
    <section className="card">
      <Tabs label={texts.ofUser}>
        {tabs.map((tab) => (
          <Link
            key={tab}
            to="/admin/users/$id"
            params={{ id }}
            search={{ tab }}
            aria-current={tab === shown ? 'page' : undefined}
            activeProps={{ 'aria-current': tab === shown ? 'page' : undefined }}
          >
            {texts.tabs[tab]} {tab === 'keys' && <span className="meta">{count(keys)}</span>}
          </Link>
        ))}
      </Tabs>
      {shown === 'changes' && <Timeline id={id} />}
      {shown === 'keys' && <UserKeys id={id} />}
      {shown === 'month' && <UserMonth id={id} />}
    </section>
  );
}

function Stats({ user }: { readonly user: User }) {
  const texts = useTexts(userTexts);
  const mayAudit = useMay()('audit:read');
  const { data } = useQuery({ ...balanceQuery(user.external_user_id), enabled: mayAudit });
  const holds = data?.holds;
  const has = holds?.available ?? user.current_quota;
  return (
    <dl className="stats">
      <div className="stat">
        <dt>{holds ? texts.available : texts.balance}</dt>
        <dd>
          <Money quota={has} />
        </dd>
        <dd className="stat-note">{texts.quota(count(has))}</dd>
      </div>
      {holds && (
        <div className="stat">
          <dt>{texts.held}</dt>
          <dd>
            <Money quota={holds.held} />
          </dd>
          <dd className="stat-note">{texts.running(count(holds.open.length))}</dd>
        </div>
      )}
      <div className="stat">
        <dt>{texts.spent}</dt>
        <dd>
          <Money quota={user.used_quota} />
        </dd>
        <dd className="stat-note">{texts.calls(count(user.total_requests))}</dd>
      </div>
      <div className="stat">
        <dt>{texts.keys}</dt>
        <dd>{count(user.keys)}</dd>
        <dd className="stat-note">{texts.keysNote}</dd>
      </div>
    </dl>
  );
}

function Person({ personal }: { readonly personal: NonNullable<User['personal']> }) {
  const texts = useTexts(userTexts);
  const facts = [
    [texts.displayName, personal.display_name],
    [texts.email, personal.email],
    [texts.phone, personal.phone],
  ];
  return (
    <Card title={texts.personal}>
      <div className="card-body">
        <dl className="facts">
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value || '–'}</dd>
            </div>
          ))}
        </dl>
      </div>
    </Card>
  );
}
