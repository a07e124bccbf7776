import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { fieldErrors } from '../../api/failure.ts';
import { FormFailure } from '../../parts/failure.tsx';
import { Field } from '../../parts/field.tsx';
import { usePageTitle } from '../../parts/page-head.tsx';
import { Gate } from '../../shell/gate.tsx';
import { useTexts } from '../../texts.ts';
import { recoverTexts } from './recover.texts.ts';

export function ForgotPage() {
  const texts = useTexts(recoverTexts);
  const [email, setEmail] = useState('');
  const { mutate, error, isPending, isSuccess } = useMutation({
    mutationFn: () => answer(api.POST('/api/auth/password/forgot', { body: { email } })),
  });
  usePageTitle(texts.forgotTitle);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    mutate();
  };
  return (
    <Gate>
      <div className="stack">
        <h1>{texts.forgotTitle}</h1>
        <p className="muted" role={isSuccess ? 'status' : undefined}>
          {isSuccess ? texts.sent : texts.forgotLead}
        </p>
        {!isSuccess && (
          <form className="stack" onSubmit={submit} noValidate>
            <FormFailure error={error} fields={['email']} />
            <Field
              label={texts.email}
              name="email"
              type="email"
              autoComplete="email"
              value={email}
              error={fieldErrors(error)('email')}
              onChange={({ target }) => setEmail(target.value)}
            />
            <button className="button primary wide" type="submit" disabled={isPending}>
              {texts.send}
            </button>
          </form>
        )}
        <p className="small">
          <Link to="/portal/sign-in">{texts.signIn}</Link>
        </p>
      </div>
    </Gate>
  );
}
