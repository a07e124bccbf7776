import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { count } from '../../format/numbers.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { SkeletonTable, Table } from '../../parts/table.tsx';
import { useTexts } from '../../texts.ts';
import { Nothing } from '../parts/nothing.tsx';
import { WordFilters } from '../parts/word-filters.tsx';
import { diffQuery } from './ledger-queries.ts';
import { ledgerTexts } from './ledger.texts.ts';

const route = getRouteApi('/_admin/admin/ledger');

const useColumns = () =>
  useTexts(ledgerTexts).compareColumns.map((name, index) => ({ name, isFigure: index > 0 }));

/** What changed between two positions, by account. */
export function CompareTab() {
  const texts = useTexts(ledgerTexts);
  const { from, to } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <section className="card">
      <div className="filters">
        <WordFilters
          fields={[
            { name: 'from', label: texts.compareFrom },
            { name: 'to', label: texts.compareTo },
          ]}
          values={{ from, to }}
          onFilter={(filled) => void navigate({ search: { tab: 'compare', ...filled } })}
        />
      </div>
      {from !== undefined && to !== undefined ? (
        <Differences from={from} to={to} />
      ) : (
        <Nothing text={texts.compareEmpty} />
      )}
    </section>
  );
}

function Differences({ from, to }: { readonly from: string; readonly to: string }) {
  const texts = useTexts(ledgerTexts);
  const columns = useColumns();
  const diff = useQuery(diffQuery(from, to));
  return (
    <Loaded query={diff} skeleton={<SkeletonTable label={texts.compare} columns={columns} rows={4} />}>
      {({ accounts, ledger, events }) => (
        <>
          {accounts.length === 0 ? (
            <Nothing text={texts.untouched} />
          ) : (
            <Table label={texts.compare} columns={columns}>
              {accounts.map((account) => (
                <tr key={account.account_id}>
                  <th scope="row">
                    <Link to="/admin/users/$id" params={{ id: account.external_user_id }}>
                      {account.external_user_id || account.account_id}
                    </Link>
                  </th>
                  <td className="figure">{count(account.before)}</td>
                  <td className="figure">{signed(account.credits)}</td>
                  <td className="figure">{signed(account.grants)}</td>
                  <td className="figure">{signed(-account.refunds)}</td>
                  <td className="figure">{signed(-account.consumption)}</td>
                  <td className="figure">{signed(account.adjustments)}</td>
                  <td className="figure">{count(account.after)}</td>
                  <td className="figure">{count(account.calls)}</td>
                </tr>
              ))}
            </Table>
          )}
          <div className="card-foot">
            {texts.compared(count(events), count(accounts.length))}
            {Object.keys(ledger).length > 0 && (
              <>
                <br />
                {texts.ofLedgerItself}:{' '}
                {Object.entries(ledger)
                  .map(([type, amount]) => `${type} ${count(amount)}`)
                  .join(' · ')}
              </>
            )}
          </div>
        </>
      )}
    </Loaded>
  );
}

const signed = (quota: number): string => (quota > 0 ? `+${count(quota)}` : count(quota));
