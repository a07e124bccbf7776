import { useMutation } from '@tanstack/react-query';
import { getRouteApi, Link, useRouter } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { fieldErrors } from '../../api/failure.ts';
import { FormFailure } from '../../parts/failure.tsx';
import { Field } from '../../parts/field.tsx';
import { usePageTitle } from '../../parts/page-head.tsx';
import { signInPerson } from '../../session/person.ts';
import { Gate } from '../../shell/gate.tsx';
import { useTexts } from '../../texts.ts';
import { ProviderButtons } from '../sign-in/provider-buttons.tsx';
import { Sent } from './sent.tsx';
import { registerTexts } from './register.texts.ts';

const route = getRouteApi('/portal/register');

const EMPTY = { username: '', email: '', password: '' };

/** Asks for an account; where mails are verified, the link in one opens it. */
export function RegisterPage() {
  const texts = useTexts(registerTexts);
  const router = useRouter();
  const { aff } = route.useSearch();
  const [person, setPerson] = useState(EMPTY);
  const { mutate, error, isPending, data } = useMutation({
    mutationFn: async () => {
      const { data } = await answer(
        api.POST('/api/user/register', { body: { ...person, ...(aff && { aff_code: aff }) } }),
      );
      if (data.status === 'registered') await signInPerson(person.username, person.password);
      return data;
    },
    meta: { signsIn: true },
    onSuccess: ({ status }) => {
      if (status === 'registered') router.history.replace('/portal');
    },
  });
  usePageTitle(texts.title);
  if (data?.status === 'verification_sent')
    return <Sent email={person.email} waitSeconds={data.resend_after_seconds} />;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    mutate();
  };
  return (
    <Gate>
      <div className="stack">
        <h1>{texts.title}</h1>
        <form className="stack" onSubmit={submit} noValidate>
          <FormFailure error={error} fields={Object.keys(EMPTY)} />
          <PersonFields person={person} error={error} onChange={setPerson} />
          <button className="button primary wide" type="submit" disabled={isPending}>
            {texts.register}
          </button>
        </form>
        <ProviderButtons aff={aff} />
        <p className="small muted">
          {texts.hasAccount} <Link to="/portal/sign-in">{texts.signIn}</Link>
        </p>
      </div>
    </Gate>
  );
}

interface PersonFieldsProps {
  readonly person: typeof EMPTY;
  readonly error: unknown;
  readonly onChange: (person: typeof EMPTY) => void;
}

function PersonFields({ person, error, onChange }: PersonFieldsProps) {
  const texts = useTexts(registerTexts);
  const ofField = fieldErrors(error);
  return (
    <>
      <Field
        label={texts.username}
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        value={person.username}
        error={ofField('username')}
        onChange={({ target }) => onChange({ ...person, username: target.value })}
      />
      <Field
        label={texts.email}
        hint={texts.emailHint}
        name="email"
        type="email"
        autoComplete="email"
        value={person.email}
        error={ofField('email')}
        onChange={({ target }) => onChange({ ...person, email: target.value })}
      />
      <Field
        label={texts.password}
        hint={texts.passwordHint}
        name="password"
        type="password"
        autoComplete="new-password"
        value={person.password}
        error={ofField('password')}
        onChange={({ target }) => onChange({ ...person, password: target.value })}
      />
    </>
  );
}
