import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { fieldErrors, hasStatus } from '../../api/failure.ts';
import { FormFailure } from '../../parts/failure.tsx';
import { Field } from '../../parts/field.tsx';
import { signInPerson } from '../../session/person.ts';
import { useTexts } from '../../texts.ts';
import { signInTexts } from './sign-in.texts.ts';

/** Name or address, and password: on the page, and in the dialog over another. */
export function SignInForm({ onDone }: { readonly onDone?: () => void }) {
  const texts = useTexts(signInTexts);
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => signInPerson(login, password),
    meta: { signsIn: true },
    ...(onDone && { onSuccess: onDone }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    mutate();
  };
  const ofField = fieldErrors(error);
  const isWrong = hasStatus(error, 401);
  return (
    <form className="stack" onSubmit={submit} noValidate>
      {!isWrong && <FormFailure error={error} fields={['login', 'password']} />}
      <Field
        label={texts.login}
        name="login"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        value={login}
        error={ofField('login')}
        onChange={(event) => setLogin(event.target.value)}
      />
      <Field
        label={texts.password}
        beside={
          <Link className="small" to="/portal/forgot">
            {texts.forgot}
          </Link>
        }
        name="password"
        type="password"
        autoComplete="current-password"
        value={password}
        error={ofField('password') ?? (isWrong ? error.message : undefined)}
        onChange={(event) => setPassword(event.target.value)}
      />
      <button className="button primary wide" type="submit" disabled={isPending}>
        {texts.signIn}
      </button>
    </form>
  );
}
