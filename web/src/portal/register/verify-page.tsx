import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { ApiFailure, fieldErrors } from '../../api/failure.ts';
import { FormFailure } from '../../parts/failure.tsx';
import { Field } from '../../parts/field.tsx';
import { usePageTitle } from '../../parts/page-head.tsx';
import { linkSecret } from '../../session/link-secret.ts';
import { Gate } from '../../shell/gate.tsx';
import { useTexts } from '../../texts.ts';
import { registerTexts } from './register.texts.ts';

/** The page of the link in the mail. Only its button uses the link: programs open links too. */
export function VerifyPage() {
  const texts = useTexts(registerTexts);
  const token = linkSecret();
  const [username, setUsername] = useState('');
  const { mutate, error, isPending, isSuccess } = useMutation({
    mutationFn: () =>
      answer(api.POST('/api/user/verify-email', { body: { token, ...(username !== '' && { username }) } })),
  });
  usePageTitle(texts.verifyTitle);
  const isTaken = error instanceof ApiFailure && error.facts.code === 'username_taken';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    mutate();
  };
  return (
    <Gate>
      <div className="stack">
        <h1>{texts.verifyTitle}</h1>
        {isSuccess ? (
          <>
            <p role="status">
              <strong>{texts.verified}</strong> {texts.verifiedAdvice}
            </p>
            <Link className="button primary wide" to="/portal/sign-in">
              {texts.signIn}
            </Link>
          </>
        ) : (
          <form className="stack" onSubmit={submit} noValidate>
            <p className="muted">{token === '' ? texts.noLink : texts.verifyLead}</p>
            <FormFailure error={error} fields={['username']} />
            {(isTaken || username !== '') && (
              <Field
                label={texts.takenMeanwhile}
                name="username"
                autoComplete="username"
                value={username}
                error={fieldErrors(error)('username')}
                onChange={({ target }) => setUsername(target.value)}
              />
            )}
            <button className="button primary wide" type="submit" disabled={isPending || token === ''}>
              {texts.verify}
            </button>
          </form>
        )}
      </div>
    </Gate>
  );
}
