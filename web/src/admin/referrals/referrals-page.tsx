import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { count } from '../../format/numbers.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Money } from '../../parts/money.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { SkeletonTable } from '../../parts/table.tsx';
import { useTexts } from '../../texts.ts';
import { isAsked, PagedRows } from '../parts/paged-rows.tsx';
import { WordFilters } from '../parts/word-filters.tsx';
import { useMay } from '../parts/may.ts';
import { PaymentTabs } from '../payments/payment-tabs.tsx';
import { BindReferral } from './bind-referral.tsx';
import { type Referral, type Referrals, referralsQuery } from './referral-queries.ts';
import { referralsTexts } from './referrals.texts.ts';

const route = getRouteApi('/_admin/admin/referrals');

const FIGURES = [3, 4, 5, 6];

const useColumns = () =>
  useTexts(referralsTexts).columns.map((name, index) => ({ name, isFigure: FIGURES.includes(index) }));

/** Who was invited by whom, and what that brought. */
export function ReferralsPage() {
  const texts = useTexts(referralsTexts);
  const columns = useColumns();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const may = useMay();
  const [binds, setBinds] = useState(false);
  const referrals = useQuery(referralsQuery(search));
  return (
    <>
      <PageHead
        title={texts.title}
        lead={texts.lead}
        actions={
          may('payments:write') && (
            <button className="button" type="button" onClick={() => setBinds(true)}>
              {texts.bind}
            </button>
          )
        }
      />
      <PaymentTabs at="referrals" />
      <section className="card">
        <div className="filters">
          <WordFilters
            fields={[{ name: 'external_user_id', label: texts.filters.external_user_id }]}
            values={{ external_user_id: search.external_user_id }}
            onFilter={(filled) => void navigate({ search: filled })}
          />
        </div>
        <Loaded query={referrals} skeleton={<SkeletonTable label={texts.title} columns={columns} rows={8} />}>
          {(data) => <Listed {...data} />}
        </Loaded>
      </section>
      {binds && <BindReferral onClose={() => setBinds(false)} />}
    </>
  );
}

function Listed({ referrals, ...page }: Referrals) {
  const texts = useTexts(referralsTexts);
  const columns = useColumns();
  const { cursor, ...filters } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <PagedRows
      columns={columns}
      texts={texts}
      page={page}
      cursor={cursor}
      isFiltered={isAsked(filters)}
      onClear={() => void navigate({ search: {} })}
      onTurn={(to) => void navigate({ search: { ...filters, cursor: to } })}
    >
      {referrals.map((referral) => (
        <ReferralRow key={referral.external_user_id} referral={referral} />
      ))}
    </PagedRows>
  );
}

function ReferralRow({ referral }: { readonly referral: Referral }) {
  const zone = useZone();
  return (
    <tr>
      <th scope="row" className="short" title={referral.external_user_id}>
        <User id={referral.external_user_id} />
      </th>
      <td className="short" title={referral.inviter_external_user_id}>
        <User id={referral.inviter_external_user_id} />
      </td>
      <td>{moment(referral.invited_at, zone)}</td>
      <td className="figure">{count(referral.orders)}</td>
      <td className="figure">
        <Money quota={referral.pending_quota} />
      </td>
      <td className="figure">
        <Money quota={referral.given_quota} />
      </td>
      <td className="figure">
        <Money quota={referral.withdrawn_quota} />
      </td>
      <td>{referral.bound_by.replace('operator:', '')}</td>
    </tr>
  );
}

const User = ({ id }: { readonly id: string }) => (
  <Link to="/admin/users/$id" params={{ id }}>
    {id}
  </Link>
);
