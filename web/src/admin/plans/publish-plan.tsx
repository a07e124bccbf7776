import { useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { Field } from '../../parts/field.tsx';
import { Rows } from '../../parts/rows.tsx';
import { Select } from '../../parts/select.tsx';
import { useTexts } from '../../texts.ts';
import { ActDialog } from '../parts/act-dialog.tsx';
import type { Plan } from './plan-queries.ts';
import { plansTexts } from './plans.texts.ts';

interface PublishPlanProps {
  /** Whose next version it is; undefined of a new one. */
  readonly of: Plan | undefined;
  readonly onClose: () => void;
}

const draftOf = (plan: Plan | undefined) => ({
  plan_id: plan?.plan_id ?? '',
  name: plan?.name ?? '',
  description: plan?.description ?? '',
  amount_usd: plan?.usd ?? '',
  months: String(plan?.months ?? 1),
  prices: plan?.prices ?? [{ currency: 'CNY', amount: '' }],
  priority: plan === undefined ? '' : String(plan.priority),
  sold: plan?.is_offered === false ? 'no' : 'yes',
});

/** A plan, or its next version. */
export function PublishPlan({ of, onClose }: PublishPlanProps) {
  const texts = useTexts(plansTexts);
  const [draft, setDraft] = useState(() => draftOf(of));
  const change = (changed: Partial<typeof draft>) => setDraft((before) => ({ ...before, ...changed }));
  const field = (name: 'name' | 'description' | 'months' | 'amount_usd' | 'plan_id' | 'priority') => ({
    value: draft[name],
    onChange: ({ target }: { readonly target: { readonly value: string } }) =>
      change({ [name]: target.value }),
  });
  return (
    <ActDialog
      title={of ? `${texts.change}: ${of.name}` : texts.publish}
      effect={texts.effect}
      action={of ? texts.change : texts.publish}
      asksReason={false}
      fields={['plan_id', 'name', 'amount_usd', 'months', 'priority', 'prices', 'description']}
      act={() => published(draft)}
      said={texts.published}
      onClose={onClose}
    >
      {(errorOf) => (
        <>
          {!of && (
            <Field label={texts.id} hint={texts.idHint} error={errorOf('plan_id')} {...field('plan_id')} />
          )}
          <Field label={texts.name} error={errorOf('name')} {...field('name')} />
          <Field label={texts.description} error={errorOf('description')} {...field('description')} />
          <Field
            label={texts.amount}
            prefix="$"
            inputMode="decimal"
            error={errorOf('amount_usd')}
            {...field('amount_usd')}
          />
          <Field label={texts.length} inputMode="numeric" error={errorOf('months')} {...field('months')} />
          <Rows
            title={texts.price}
            columns={[
              { name: 'currency', label: texts.currency, isText: true },
              { name: 'amount', label: texts.price },
            ]}
            rows={draft.prices}
            empty={{ currency: '', amount: '' }}
            errorOf={(row, name) => errorOf(`prices.${row}.${name}`)}
            onChange={(prices) => change({ prices: [...prices] })}
          />
          <Field
            label={texts.priority}
            hint={texts.priorityHint}
            inputMode="numeric"
            error={errorOf('priority')}
            {...field('priority')}
          />
          <Select
            label={texts.offered}
            value={draft.sold}
            options={[
              ['yes', texts.offers.yes],
              ['no', texts.offers.no],
            ]}
            onChoose={(sold) => change({ sold })}
          />
        </>
      )}
    </ActDialog>
  );
}

function published({ plan_id, prices, sold, priority, ...rest }: ReturnType<typeof draftOf>) {
  return answer(
    api.PUT('/api/admin/plans/{plan_id}', {
      params: { path: { plan_id: plan_id.trim() } },
      body: {
        ...{ name: rest.name, description: rest.description, amount_usd: rest.amount_usd.trim() },
        ...{ months: Number(rest.months), is_offered: sold === 'yes' },
        ...(priority.trim() !== '' && { priority: Number(priority) }),
        prices: prices.map(({ currency, amount }) => ({ currency: currency.trim(), amount: amount.trim() })),
      },
    }),
  );
}
