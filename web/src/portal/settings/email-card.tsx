import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { fieldErrors, hasStatus } from '../../api/failure.ts';
import { FormFailure } from '../../parts/failure.tsx';
import { Field } from '../../parts/field.tsx';
import { Card } from '../../parts/page-head.tsx';
import { say } from '../../parts/toasts.tsx';
import { proveAgain } from '../../session/person.ts';
import { useTexts } from '../../texts.ts';
import { settingsTexts } from './settings.texts.ts';

/** Another address: a link goes there, and nothing changes before it was used. */
export function EmailCard() {
  const texts = useTexts(settingsTexts);
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const { mutate, error, isPending } = useMutation({
    mutationFn: async () => {
      await proveAgain(password);
      return answer(api.POST('/api/auth/email', { body: { email } }));
    },
    meta: { signsIn: true },
    onSuccess: () => {
      say(texts.emailSent(email));
      setEmail('');
      setPassword('');
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    mutate();
  };
  const ofField = fieldErrors(error);
  const isWrong = hasStatus(error, 401);
  return (
    <Card title={texts.changeEmail}>
      <form className="card-body" onSubmit={submit} noValidate>
        {!isWrong && <FormFailure error={error} fields={['email', 'password']} />}
        <div className="pair">
          <Field
            label={texts.newEmail}
            hint={texts.newEmailHint}
            name="email"
            type="email"
            autoComplete="email"
            value={email}
            error={ofField('email')}
            onChange={({ target }) => setEmail(target.value)}
          />
          <Field
            label={texts.current}
            name="email_password"
            type="password"
            autoComplete="current-password"
            value={password}
            error={ofField('password') ?? (isWrong ? error.message : undefined)}
            onChange={({ target }) => setPassword(target.value)}
          />
        </div>
        <div className="actions">
          <button className="button" type="submit" disabled={isPending}>
            {texts.sendLink}
          </button>
        </div>
      </form>
    </Card>
  );
}
