import { useMutation } from '@tanstack/react-query';
import { answer, api } from '../../api/client.ts';
import { queryClient } from '../../api/queries.ts';
import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { FormFailure } from '../../parts/failure.tsx';
import { Money } from '../../parts/money.tsx';
import { Card } from '../../parts/page-head.tsx';
import { Table } from '../../parts/table.tsx';
import { say } from '../../parts/toasts.tsx';
import { useTexts } from '../../texts.ts';
import { type Period, type Subscription, SUBSCRIPTIONS } from './plan-queries.ts';
import { plansTexts } from './plans.texts.ts';

const badges = { ahead: 'held', running: 'credit', over: 'off', returned: 'off' } as const;

/** One plan that somebody bought: its periods, and what of each is left. */
export function SubscriptionCard({ subscription }: { readonly subscription: Subscription }) {
  const texts = useTexts(plansTexts);
  const zone = useZone();
  const columns = texts.columns.map((name, index) => ({ name, isFigure: index === 1 || index === 2 }));
  const { name, status, ends_at, periods } = subscription;
  return (
    <Card
      title={name}
      foot={ends_at === null ? texts.subscription[status] : texts.until(moment(ends_at, zone))}
    >
      <Table className="two-lines" label={name} columns={columns}>
        {periods.map((period) => (
          <PeriodRow key={period.period} period={period} />
        ))}
      </Table>
      {status === 'active' && <Cancel planId={subscription.plan_id} />}
    </Card>
  );
}

function PeriodRow({ period }: { readonly period: Period }) {
  const texts = useTexts(plansTexts);
  const zone = useZone();
  return (
    <tr>
      <th scope="row">{texts.span(moment(period.starts_at, zone), moment(period.ends_at, zone))}</th>
      <td className="figure">
        <Money quota={period.quota} />
      </td>
      <td className="figure on-line-1">
        <Money quota={period.remaining_quota} />
      </td>
      <td className="on-line-2 last">
        <span className={`badge ${badges[period.status]}`}>{texts.statuses[period.status]}</span>
      </td>
    </tr>
  );
}

function Cancel({ planId: plan_id }: { readonly planId: string }) {
  const texts = useTexts(plansTexts);
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => answer(api.POST('/api/user/subscription/cancel', { body: { plan_id } })),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: SUBSCRIPTIONS });
      say(texts.cancelled);
    },
  });
  return (
    <div className="card-body">
      <FormFailure error={error} fields={[]} />
      <div className="actions">
        <button className="button quiet small" type="button" disabled={isPending} onClick={() => mutate()}>
          {texts.cancel}
        </button>
      </div>
    </div>
  );
}
