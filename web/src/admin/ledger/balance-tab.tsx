import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Loaded, SkeletonLines } from '../../parts/loaded.tsx';
import { useTexts } from '../../texts.ts';
import { SearchBox } from '../../parts/search-box.tsx';
import { BalanceAt } from '../user/balance-at.tsx';
import { balanceQuery } from '../user/user-queries.ts';
import { ledgerTexts } from './ledger.texts.ts';

const route = getRouteApi('/_admin/admin/ledger');

/** What somebody had, at any time or position. */
export function BalanceTab() {
  const texts = useTexts(ledgerTexts);
  const { user } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <>
      <section className="card">
        <div className="card-body">
          <SearchBox
            label={texts.balanceOf}
            hint={texts.balanceHint}
            value={user ?? ''}
            onSearch={(text) => void navigate({ search: { tab: 'balance', user: text || undefined } })}
          />
          {user === undefined ? (
            <p className="muted">{texts.balanceEmpty}</p>
          ) : (
            <p className="small">
              <Link to="/admin/users/$id" params={{ id: user }}>
                {texts.openUser}
              </Link>
            </p>
          )}
        </div>
      </section>
      {user !== undefined && <OfUser key={user} id={user} />}
    </>
  );
}

/** Whether there is such a user is known once, above all that is asked of them. */
function OfUser({ id }: { readonly id: string }) {
  const balance = useQuery({ ...balanceQuery(id), retry: false });
  return (
    <Loaded query={balance} skeleton={<SkeletonLines lines={6} />}>
      {() => <BalanceAt id={id} />}
    </Loaded>
  );
}
