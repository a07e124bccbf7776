import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { fieldErrors } from '../../api/failure.ts';
import { Field } from '../../parts/field.tsx';
import { linkSecret } from '../../session/link-secret.ts';
import { useTexts } from '../../texts.ts';
import { LinkPage } from './link-page.tsx';
import { recoverTexts } from './recover.texts.ts';

/** The link to set another password. */
export function ResetPage() {
  const texts = useTexts(recoverTexts);
  const [password, setPassword] = useState('');
  const reset = useMutation({
    mutationFn: () =>
      answer(api.POST('/api/auth/password/reset', { body: { token: linkSecret(), password } })),
  });
  return (
    <LinkPage
      title={texts.resetTitle}
      lead={texts.resetLead}
      button={texts.set}
      use={reset}
      done={<strong>{texts.done}</strong>}
      next={{ to: '/portal/sign-in', label: texts.signIn }}
      fields={['password']}
    >
      <Field
        label={texts.password}
        hint={texts.passwordHint}
        name="password"
        type="password"
        autoComplete="new-password"
        value={password}
        error={fieldErrors(reset.error)('password')}
        onChange={({ target }) => setPassword(target.value)}
      />
    </LinkPage>
  );
}
