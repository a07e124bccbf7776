import { useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { Field } from '../../parts/field.tsx';
import { useTexts } from '../../texts.ts';
import { ActDialog } from '../parts/act-dialog.tsx';
import { referralsTexts } from './referrals.texts.ts';

/** Says by whom a user was invited, where their front end forgot to. */
export function BindReferral({ onClose }: { readonly onClose: () => void }) {
  const texts = useTexts(referralsTexts);
  const [user, setUser] = useState('');
  const [inviter, setInviter] = useState('');
  const body = { external_user_id: user.trim(), inviter_external_user_id: inviter.trim() };
  return (
    <ActDialog
      {...{ title: texts.bind, effect: texts.bindEffect, action: texts.bind, said: texts.bound }}
      asksReason={false}
      fields={['external_user_id', 'inviter_external_user_id']}
      act={() => answer(api.POST('/api/admin/referrals', { body }))}
      onClose={onClose}
    >
      {(errorOf) => (
        <>
          <Field
            label={texts.invited}
            value={user}
            error={errorOf('external_user_id')}
            onChange={({ target }) => setUser(target.value)}
          />
          <Field
            label={texts.inviter}
            value={inviter}
            error={errorOf('inviter_external_user_id')}
            onChange={({ target }) => setInviter(target.value)}
          />
        </>
      )}
    </ActDialog>
  );
}
