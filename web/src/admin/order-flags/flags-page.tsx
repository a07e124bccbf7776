import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Select } from '../../parts/select.tsx';
import { SkeletonTable } from '../../parts/table.tsx';
import { useTexts } from '../../texts.ts';
import { useMay } from '../parts/may.ts';
import { nameOf } from '../parts/name-of.ts';
import { PagedRows } from '../parts/paged-rows.tsx';
import { PaymentTabs } from '../payments/payment-tabs.tsx';
import { type Flag, flagsQuery } from './flag-queries.ts';
import { flagsTexts } from './flags.texts.ts';
import { SettleFlag } from './settle-flag.tsx';

const route = getRouteApi('/_admin/admin/order-flags');

/** Money that does not fit, and what was decided about it. */
export function FlagsPage() {
  const texts = useTexts(flagsTexts);
  const columns = texts.columns.map((name, index) => ({ name, isFigure: index === 4 }));
  const { state, cursor } = route.useSearch();
  const navigate = route.useNavigate();
  const flags = useQuery(flagsQuery({ state, cursor }));
  const [asked, setAsked] = useState<Flag>();
  return (
    <>
      <PageHead title={texts.title} lead={texts.lead} />
      <PaymentTabs at="flags" />
      <section className="card">
        <div className="filters">
          <Select
            isFilter
            label={texts.state}
            value={state ?? 'open'}
            options={(['open', 'settled'] as const).map((each) => [each, texts.states[each]])}
            onChoose={(chosen) => void navigate({ search: chosen === 'settled' ? { state: chosen } : {} })}
          />
        </div>
        <Loaded query={flags} skeleton={<SkeletonTable label={texts.title} columns={columns} rows={4} />}>
          {({ flags: rows, ...page }) => (
            <PagedRows
              columns={columns}
              texts={texts}
              page={page}
              cursor={cursor}
              isFiltered={state !== undefined}
              onClear={() => void navigate({ search: {} })}
              onTurn={(to) => void navigate({ search: { state, cursor: to } })}
            >
              {rows.map((flag) => (
                <FlagRow key={flag.flag_id} flag={flag} onSettle={setAsked} />
              ))}
            </PagedRows>
          )}
        </Loaded>
      </section>
      {asked && <SettleFlag flag={asked} onClose={() => setAsked(undefined)} />}
    </>
  );
}

interface FlagRowProps {
  readonly flag: Flag;
  readonly onSettle: (flag: Flag) => void;
}

function FlagRow({ flag, onSettle }: FlagRowProps) {
  const texts = useTexts(flagsTexts);
  const zone = useZone();
  const { order_id: order, external_user_id: user } = flag;
  return (
    <tr>
      <th scope="row">{moment(flag.raised_at, zone)}</th>
      <td className="wrap">
        <span className={`badge ${flag.settled ? 'off' : 'warning'}`}>
          {texts.kinds[flag.kind] ?? flag.kind}
        </span>
        <br />
        <small>
          {texts.payment(flag.provider_payment)}
          {flag.refusal !== null && ` · ${texts.refusal(flag.refusal)}`}
        </small>
      </td>
      <td className="short" title={order ?? undefined}>
        {order === null ? (
          '–'
        ) : flag.kind === 'stray' && !flag.settled ? (
          order
        ) : (
          <Link to="/admin/orders/$id" params={{ id: order }}>
            {order}
          </Link>
        )}
      </td>
      <td className="short" title={user ?? undefined}>
        {user === null ? (
          '–'
        ) : (
          <Link to="/admin/users/$id" params={{ id: user }}>
            {user}
          </Link>
        )}
      </td>
      <td className="figure">
        {flag.amount} {flag.currency}
      </td>
      <td className="wrap">
        <Decision flag={flag} onSettle={onSettle} />
      </td>
    </tr>
  );
}

function Decision({ flag, onSettle }: FlagRowProps) {
  const texts = useTexts(flagsTexts);
  const zone = useZone();
  const maySettle = useMay()('payments:write');
  if (flag.settled) {
    const { decision, by, settled_at: at, reason } = flag.settled;
    return (
      <>
        {texts.decisions[decision]}
        <br />
        <small>
          {texts.by(nameOf(by), moment(at, zone))} · {reason}
        </small>
      </>
    );
  }
  if (!maySettle) return '–';
  return (
    <button
      className="button small"
      type="button"
      aria-label={texts.decideOf(flag.provider_payment)}
      onClick={() => onSettle(flag)}
    >
      {texts.decide}
    </button>
  );
}
