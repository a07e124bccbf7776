import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Money } from '../../parts/money.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Select } from '../../parts/select.tsx';
import { SkeletonTable } from '../../parts/table.tsx';
import { useTexts } from '../../texts.ts';
import { isAsked, PagedRows } from '../parts/paged-rows.tsx';
import { WordFilters } from '../parts/word-filters.tsx';
import { PaymentTabs } from '../payments/payment-tabs.tsx';
import { useMay } from '../parts/may.ts';
import { GiveGrant } from './give-grant.tsx';
import { type Grant, type Grants, grantsQuery, grantStates } from './grant-queries.ts';
import { grantsTexts } from './grants.texts.ts';
import { WithdrawGrant } from './withdraw-grant.tsx';

const route = getRouteApi('/_admin/admin/grants');

const ACTS = 7;

const useColumns = () =>
  useTexts(grantsTexts).columns.map((name, index) => ({
    name,
    isFigure: index === 3 || index === 4,
    isHidden: index === ACTS,
  }));

/** Quota that was given: what is left of it, and until when. */
export function GrantsPage() {
  const texts = useTexts(grantsTexts);
  const columns = useColumns();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const may = useMay();
  const [gives, setGives] = useState(false);
  const grants = useQuery(grantsQuery(search));
  return (
    <>
      <PageHead
        title={texts.title}
        lead={texts.lead}
        actions={
          may('payments:write') && (
            <button className="button" type="button" onClick={() => setGives(true)}>
              {texts.give}
            </button>
          )
        }
      />
      <PaymentTabs at="grants" />
      <section className="card">
        <div className="filters">
          <Select
            isFilter
            label={texts.state}
            value={search.state ?? ''}
            options={[
              ['', texts.anyState],
              ...grantStates.map((each) => [each, texts.states[each]] as const),
            ]}
            onChoose={(value) =>
              void navigate({
                search: { ...search, cursor: undefined, state: grantStates.find((each) => each === value) },
              })
            }
          />
          <WordFilters
            fields={[{ name: 'external_user_id', label: texts.filters.external_user_id }]}
            values={{ external_user_id: search.external_user_id }}
            onFilter={(filled) => void navigate({ search: { state: search.state, ...filled } })}
          />
        </div>
        <Loaded query={grants} skeleton={<SkeletonTable label={texts.title} columns={columns} rows={8} />}>
          {(data) => <Listed {...data} />}
        </Loaded>
      </section>
      {gives && <GiveGrant onClose={() => setGives(false)} />}
    </>
  );
}

function Listed({ grants, ...page }: Grants) {
  const texts = useTexts(grantsTexts);
  const columns = useColumns();
  const { cursor, ...filters } = route.useSearch();
  const navigate = route.useNavigate();
  const may = useMay();
  const [withdrawn, setWithdrawn] = useState<Grant>();
  return (
    <>
      <PagedRows
        columns={columns}
        texts={texts}
        page={page}
        cursor={cursor}
        isFiltered={isAsked(filters)}
        onClear={() => void navigate({ search: {} })}
        onTurn={(to) => void navigate({ search: { ...filters, cursor: to } })}
      >
        {grants.map((grant) => (
          <GrantRow
            key={grant.grant_id}
            grant={grant}
            onWithdraw={
              may('payments:write') && grant.status === 'open' && grant.remaining_quota > 0
                ? () => setWithdrawn(grant)
                : undefined
            }
          />
        ))}
      </PagedRows>
      {withdrawn && <WithdrawGrant grant={withdrawn} onClose={() => setWithdrawn(undefined)} />}
    </>
  );
}

interface GrantRowProps {
  readonly grant: Grant;
  readonly onWithdraw: (() => void) | undefined;
}

const badges = { open: 'credit', usedUp: 'off', closed: 'held', expired: 'off', withdrawn: 'off' } as const;

function GrantRow({ grant, onWithdraw }: GrantRowProps) {
  const texts = useTexts(grantsTexts);
  const zone = useZone();
  const state = grant.status === 'open' && grant.remaining_quota === 0 ? 'usedUp' : grant.status;
  return (
    <tr>
      <th scope="row" className="short" title={grant.external_user_id}>
        <Link to="/admin/users/$id" params={{ id: grant.external_user_id }}>
          {grant.external_user_id}
        </Link>
      </th>
      <td title={grant.source}>{texts.kinds[grant.kind] ?? grant.kind}</td>
      <td>
        <span className={`badge ${badges[state]}`}>{texts.statuses[state]}</span>
      </td>
      <td className="figure">
        <Money quota={grant.quota} />
      </td>
      <td className="figure">
        <Money quota={grant.remaining_quota} />
      </td>
      <td>{grant.ends_at === null ? texts.never : moment(grant.ends_at, zone)}</td>
      <td title={grant.reason}>{grant.given_by.replace('operator:', '')}</td>
      <td className="last">
        {onWithdraw && (
          <button className="button quiet small" type="button" onClick={onWithdraw}>
            {texts.withdraw}
          </button>
        )}
      </td>
    </tr>
  );
}
