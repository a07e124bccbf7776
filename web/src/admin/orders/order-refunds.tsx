import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { FormFailure } from '../../parts/failure.tsx';
import { Loaded, SkeletonLines } from '../../parts/loaded.tsx';
import { Money } from '../../parts/money.tsx';
import { Card } from '../../parts/page-head.tsx';
import { Table } from '../../parts/table.tsx';
import { useTexts } from '../../texts.ts';
import { useMay } from '../parts/may.ts';
import { nameOf } from '../parts/name-of.ts';
import { type Refund, refundsQuery } from './order-queries.ts';
import { orderRefundsTexts } from './order-refunds.texts.ts';
import { SettleRefund } from './settle-refund.tsx';

const marks = { requested: 'held', sent: 'warning', succeeded: 'credit', failed: 'refused' } as const;

/** What of an order's money went back at its provider, or is to. */
export function OrderRefunds({ orderId }: { readonly orderId: string }) {
  const texts = useTexts(orderRefundsTexts);
  const refunds = useQuery(refundsQuery(orderId));
  const [asked, setAsked] = useState<Refund>();
  const acts = useMay()('payments:write');
  return (
    <Loaded
      query={refunds}
      skeleton={
        <section className="card">
          <SkeletonLines lines={2} />
        </section>
      }
    >
      {({ refunds: rows }) =>
        rows.length > 0 && (
          <Card title={texts.title}>
            <Table
              label={texts.title}
              columns={[
                ...texts.columns.map((name, index) => ({ name, isFigure: index === 2 || index === 3 })),
                ...(acts ? [{ name: texts.acts, isHidden: true }] : []),
              ]}
            >
              {rows.map((refund) => (
                <RefundRow
                  key={refund.refund_id}
                  refund={refund}
                  onSettle={acts ? () => setAsked(refund) : undefined}
                />
              ))}
            </Table>
            {asked && <SettleRefund refund={asked} onClose={() => setAsked(undefined)} />}
          </Card>
        )
      }
    </Loaded>
  );
}

interface RefundRowProps {
  readonly refund: Refund;
  /** Undefined for who may not act. */
  readonly onSettle: (() => void) | undefined;
}

function RefundRow({ refund, onSettle }: RefundRowProps) {
  const texts = useTexts(orderRefundsTexts);
  const zone = useZone();
  return (
    <tr>
      <th scope="row">
        {moment(refund.requested_at, zone)}
        <br />
        <small>{texts.by(nameOf(refund.requested_by))}</small>
      </th>
      <td className="wrap">
        <span className={`badge ${marks[refund.status]}`}>{texts.statuses[refund.status]}</span>
        {refund.failure !== null && (
          <>
            <br />
            <small>{texts.failure(refund.failure)}</small>
          </>
        )}
      </td>
      <td className="figure">
        {refund.amount} {refund.currency}
      </td>
      <td className="figure">{refund.quota === null ? '–' : <Money quota={refund.quota} moves="out" />}</td>
      <td className="wrap">{refund.reason}</td>
      <td className="short" title={refund.provider_refund ?? undefined}>
        {refund.provider_refund ?? '–'}
      </td>
      {onSettle && (
        <td>
          {(refund.status === 'requested' || refund.status === 'sent') && (
            <Open refund={refund} onSettle={onSettle} />
          )}
        </td>
      )}
    </tr>
  );
}

/** What can be done about a refund of which the end is not known. */
function Open({ refund, onSettle }: { readonly refund: Refund; readonly onSettle: () => void }) {
  const texts = useTexts(orderRefundsTexts);
  const queries = useQueryClient();
  const { mutate, error, isPending } = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/api/admin/refunds/{refund_id}/recheck', {
          params: { path: { refund_id: refund.refund_id } },
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['admin'] }),
  });
  return (
    <>
      <FormFailure error={error} />
      <button className="button small" type="button" disabled={isPending} onClick={() => mutate()}>
        {texts.recheck}
      </button>{' '}
      <button className="button small" type="button" onClick={onSettle}>
        {texts.settle}
      </button>
    </>
  );
}
