import { useMutation } from '@tanstack/react-query';
import { Link, useRouter } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { fieldErrors } from '../../api/failure.ts';
import { FormFailure } from '../../parts/failure.tsx';
import { Field } from '../../parts/field.tsx';
import { type Newcomer, nextPage, registerNewcomer } from '../../session/providers.ts';
import { Gate } from '../../shell/gate.tsx';
import { useTexts } from '../../texts.ts';
import { Sent } from '../register/sent.tsx';
import { callbackTexts } from './callback.texts.ts';

const RESEND_SECONDS = 60;

interface NewcomerFormProps {
  readonly provider: string;
  readonly label: string;
  readonly newcomer: Newcomer;
}

/** Somebody whom nobody here is linked to: they choose a name, or sign in to what they have. */
export function NewcomerForm({ provider, label, newcomer }: NewcomerFormProps) {
  const texts = useTexts(callbackTexts);
  const router = useRouter();
  const [username, setUsername] = useState(newcomer.username);
  const [email, setEmail] = useState(newcomer.email ?? '');
  const {
    mutate,
    error,
    isPending,
    data: isSent,
  } = useMutation({
    mutationFn: () => registerNewcomer(provider, { ticket: newcomer.ticket, username, email }),
    meta: { signsIn: true },
    onSuccess: (waits) => {
      if (!waits) router.history.replace(nextPage());
    },
  });
  if (isSent) return <Sent email={email} waitSeconds={RESEND_SECONDS} />;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    mutate();
  };
  const ofField = fieldErrors(error);
  return (
    <Gate>
      <div className="stack">
        <h1>{texts.welcome}</h1>
        <p className="muted">{texts.welcomeLead(label)}</p>
        <form className="stack" onSubmit={submit} noValidate>
          <FormFailure error={error} fields={['username', 'email']} />
          <Field
            label={texts.username}
            name="username"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            value={username}
            error={ofField('username')}
            onChange={({ target }) => setUsername(target.value)}
          />
          <Field
            label={texts.email}
            hint={email !== '' && email === newcomer.email ? texts.known(label) : texts.emailHint}
            name="email"
            type="email"
            autoComplete="email"
            value={email}
            error={ofField('email')}
            onChange={({ target }) => setEmail(target.value)}
          />
          <button className="button primary wide" type="submit" disabled={isPending}>
            {texts.create}
          </button>
        </form>
        <p className="small muted">
          {texts.hasAccount} <Link to="/portal/sign-in">{texts.signIn}</Link>
        </p>
      </div>
    </Gate>
  );
}
