import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { ApiFailure, fieldErrors } from '../../api/failure.ts';
import { Field } from '../../parts/field.tsx';
import { linkSecret } from '../../session/link-secret.ts';
import { useTexts } from '../../texts.ts';
import { LinkPage } from '../recover/link-page.tsx';
import { registerTexts } from './register.texts.ts';

/** The link that ends a registration. */
export function VerifyPage() {
  const texts = useTexts(registerTexts);
  const [username, setUsername] = useState('');
  const verify = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/api/user/verify-email', {
          body: { token: linkSecret(), ...(username !== '' && { username }) },
        }),
      ),
  });
  const isTaken = verify.error instanceof ApiFailure && verify.error.facts.code === 'username_taken';
  return (
    <LinkPage
      title={texts.verifyTitle}
      lead={texts.verifyLead}
      button={texts.verify}
      use={verify}
      done={
        <>
          <strong>{texts.verified}</strong> {texts.verifiedAdvice}
        </>
      }
      next={{ to: '/portal/sign-in', label: texts.signIn }}
      fields={['username']}
    >
      {(isTaken || username !== '') && (
        <Field
          label={texts.takenMeanwhile}
          name="username"
          autoComplete="username"
          value={username}
          error={fieldErrors(verify.error)('username')}
          onChange={({ target }) => setUsername(target.value)}
        />
      )}
    </LinkPage>
  );
}
