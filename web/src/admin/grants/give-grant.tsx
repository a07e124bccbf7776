import { useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { useZone } from '../../api/status.ts';
import { Field } from '../../parts/field.tsx';
import { Select } from '../../parts/select.tsx';
import { TimeField } from '../../parts/time-field.tsx';
import { useTexts } from '../../texts.ts';
import { ActDialog } from '../parts/act-dialog.tsx';
import { newId } from '../parts/new-id.ts';
import { grantsTexts } from './grants.texts.ts';

const kinds = ['promo', 'compensation'] as const;

/** Gives a user quota that may end. */
export function GiveGrant({ onClose }: { readonly onClose: () => void }) {
  const texts = useTexts(grantsTexts);
  const zone = useZone();
  const [user, setUser] = useState('');
  const [amount, setAmount] = useState('');
  const [kind, setKind] = useState<(typeof kinds)[number]>('promo');
  const [day, setDay] = useState('');
  const [reference] = useState(() => newId('grant'));
  return (
    <ActDialog
      title={texts.give}
      effect={texts.giveEffect}
      action={texts.give}
      fields={['external_user_id', 'amount_usd', 'ends_at']}
      act={(reason) =>
        answer(
          api.POST('/api/admin/grants', {
            body: {
              ...{ external_user_id: user.trim(), amount_usd: amount.trim(), kind, reason, reference },
              ...(day !== '' && { ends_at: day }),
            },
          }),
        )
      }
      said={texts.given}
      onClose={onClose}
    >
      {(errorOf) => (
        <>
          <Field
            label={texts.user}
            value={user}
            error={errorOf('external_user_id')}
            onChange={({ target }) => setUser(target.value)}
          />
          <Field
            label={texts.amount}
            prefix="$"
            inputMode="decimal"
            value={amount}
            error={errorOf('amount_usd')}
            onChange={({ target }) => setAmount(target.value)}
          />
          <Select
            label={texts.kind}
            value={kind}
            options={kinds.map((each) => [each, texts.kinds[each] ?? each] as const)}
            onChoose={(value) => setKind(kinds.find((each) => each === value) ?? 'promo')}
          />
          <TimeField
            label={texts.ends}
            hint={texts.endsHint(zone)}
            kind="date"
            value={day}
            error={errorOf('ends_at')}
            onChoose={setDay}
          />
        </>
      )}
    </ActDialog>
  );
}
