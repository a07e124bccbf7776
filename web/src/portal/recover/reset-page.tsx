import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { fieldErrors } from '../../api/failure.ts';
import { FormFailure } from '../../parts/failure.tsx';
import { Field } from '../../parts/field.tsx';
import { usePageTitle } from '../../parts/page-head.tsx';
import { linkSecret } from '../../session/link-secret.ts';
import { Gate } from '../../shell/gate.tsx';
import { useTexts } from '../../texts.ts';
import { recoverTexts } from './recover.texts.ts';

/** The page of the link in the mail; what stands behind `#` is used by the button alone. */
export function ResetPage() {
  const texts = useTexts(recoverTexts);
  const token = linkSecret();
  const [password, setPassword] = useState('');
  const { mutate, error, isPending, isSuccess } = useMutation({
    mutationFn: () => answer(api.POST('/api/auth/password/reset', { body: { token, password } })),
  });
  usePageTitle(texts.resetTitle);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    mutate();
  };
  return (
    <Gate>
      <div className="stack">
        <h1>{texts.resetTitle}</h1>
        {isSuccess ? (
          <>
            <p role="status">
              <strong>{texts.done}</strong>
            </p>
            <Link className="button primary wide" to="/portal/sign-in">
              {texts.signIn}
            </Link>
          </>
        ) : (
          <form className="stack" onSubmit={submit} noValidate>
            <p className="muted">{token === '' ? texts.noLink : texts.resetLead}</p>
            <FormFailure error={error} fields={['password']} />
            <Field
              label={texts.password}
              hint={texts.passwordHint}
              name="password"
              type="password"
              autoComplete="new-password"
              value={password}
              error={fieldErrors(error)('password')}
              onChange={({ target }) => setPassword(target.value)}
            />
            <button className="button primary wide" type="submit" disabled={isPending || token === ''}>
              {texts.set}
            </button>
          </form>
        )}
      </div>
    </Gate>
  );
}
