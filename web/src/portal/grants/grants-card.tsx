import { useQuery } from '@tanstack/react-query';
import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { Money } from '../../parts/money.tsx';
import { Card } from '../../parts/page-head.tsx';
import { Table } from '../../parts/table.tsx';
import { useTexts } from '../../texts.ts';
import { type Grant, ownGrantsQuery } from './grant-queries.ts';
import { grantsTexts } from './grants.texts.ts';

const badges = { open: 'credit', usedUp: 'off', closed: 'held', expired: 'off', withdrawn: 'off' } as const;

/** Quota that one was given: what is left of it, and until when. Nothing where there was never any. */
export function GrantsCard() {
  const texts = useTexts(grantsTexts);
  const { data } = useQuery(ownGrantsQuery);
  const columns = texts.columns.map((name, index) => ({ name, isFigure: index === 1 || index === 2 }));
  if (!data || data.grants.length === 0) return null;
  return (
    <Card title={texts.title} foot={texts.lead}>
      <Table className="two-lines" label={texts.title} columns={columns}>
        {data.grants.map((grant) => (
          <GrantRow key={grant.grant_id} grant={grant} />
        ))}
      </Table>
    </Card>
  );
}

function GrantRow({ grant }: { readonly grant: Grant }) {
  const texts = useTexts(grantsTexts);
  const zone = useZone();
  const state = grant.status === 'open' && grant.remaining_quota === 0 ? 'usedUp' : grant.status;
  return (
    <tr>
      <th scope="row" className="two">
        {texts.kinds[grant.kind] ?? grant.kind}
        <small>{moment(grant.given_at, zone)}</small>
      </th>
      <td className="figure">
        <Money quota={grant.quota} />
      </td>
      <td className="figure on-line-1">
        <Money quota={grant.remaining_quota} />
      </td>
      <td>{grant.ends_at === null ? texts.never : moment(grant.ends_at, zone)}</td>
      <td className="on-line-2 last">
        <span className={`badge ${badges[state]}`}>{texts.statuses[state]}</span>
      </td>
    </tr>
  );
}
