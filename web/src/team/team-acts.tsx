import { useState } from 'react';
import { useZone } from '../api/status.ts';
import { ActDialog } from '../parts/act-dialog.tsx';
import { Field } from '../parts/field.tsx';
import { Select } from '../parts/select.tsx';
import { useTexts } from '../texts.ts';
import type { Budget, TeamActs } from './team-types.ts';
import { teamTexts } from './team.texts.ts';

interface Closing {
  readonly acts: TeamActs;
  readonly onClose: () => void;
}

export function CreateTeam({ acts, onClose }: Closing) {
  const texts = useTexts(teamTexts);
  const [name, setName] = useState('');
  return (
    <ActDialog
      {...{ title: texts.create, effect: texts.createEffect, action: texts.create, said: texts.created }}
      asksReason={false}
      fields={['name']}
      act={() => acts.create(name.trim())}
      refreshes={acts.refreshes}
      onClose={onClose}
    >
      {(errorOf) => (
        <Field
          label={texts.name}
          value={name}
          error={errorOf('name')}
          onChange={({ target }) => setName(target.value)}
        />
      )}
    </ActDialog>
  );
}

export function AddMember({ acts, onClose }: Closing) {
  const texts = useTexts(teamTexts);
  const [member, setMember] = useState('');
  return (
    <ActDialog
      {...{ title: texts.add, effect: texts.addEffect, action: texts.add, said: texts.added }}
      asksReason={false}
      fields={['member']}
      act={() => acts.add(member.trim())}
      refreshes={acts.refreshes}
      onClose={onClose}
    >
      {(errorOf) => (
        <Field
          label={texts.member}
          value={member}
          error={errorOf('member')}
          onChange={({ target }) => setMember(target.value)}
        />
      )}
    </ActDialog>
  );
}

export function RemoveMember({ acts, member, onClose }: Closing & { readonly member: string }) {
  const texts = useTexts(teamTexts);
  return (
    <ActDialog
      {...{ title: texts.removeOf(member), effect: texts.removeEffect, action: texts.remove, isDanger: true }}
      act={(reason) => acts.remove(member, reason)}
      refreshes={acts.refreshes}
      said={texts.removed}
      onClose={onClose}
    />
  );
}

interface SetBudgetProps extends Closing {
  readonly of: { readonly member: string } | { readonly tokenId: number; readonly name: string };
  readonly budget: Budget | null;
}

export function SetBudget({ acts, of, budget, onClose }: SetBudgetProps) {
  const texts = useTexts(teamTexts);
  const zone = useZone();
  const [amount, setAmount] = useState(budget?.usd ?? '');
  const [period, setPeriod] = useState<Budget['period']>(budget?.period ?? 'month');
  const [timezone, setTimezone] = useState(budget?.timezone ?? zone);
  const act = () => {
    const said = amount.trim();
    const body = { ...(said === '' ? { unlimited: true } : { amount_usd: said }), period, timezone };
    return 'member' in of ? acts.memberBudget(of.member, body) : acts.keyBudget(of.tokenId, body);
  };
  return (
    <ActDialog
      title={texts.budgetOf('member' in of ? of.member : of.name)}
      {...{ effect: texts.budgetEffect, action: texts.budget, said: texts.budgetSet }}
      asksReason={false}
      fields={['amount_usd', 'timezone']}
      act={act}
      refreshes={acts.refreshes}
      onClose={onClose}
    >
      {(errorOf) => (
        <>
          <Field
            {...{
              label: texts.amount,
              hint: texts.amountHint,
              prefix: '$',
              inputMode: 'decimal',
              value: amount,
            }}
            error={errorOf('amount_usd')}
            onChange={({ target }) => setAmount(target.value)}
          />
          <Select
            label={texts.period}
            value={period}
            options={periods.map((each) => [each, texts.periods[each]] as const)}
            onChoose={(chosen) => setPeriod(periods.find((each) => each === chosen) ?? 'month')}
          />
          <Field
            {...{ label: texts.timezone, hint: texts.timezoneHint, value: timezone }}
            error={errorOf('timezone')}
            onChange={({ target }) => setTimezone(target.value.trim())}
          />
        </>
      )}
    </ActDialog>
  );
}

const periods = ['day', 'week', 'month'] as const;
