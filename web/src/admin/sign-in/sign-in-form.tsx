import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { fieldErrors, hasStatus } from '../../api/failure.ts';
import { FormFailure } from '../../parts/failure.tsx';
import { Field } from '../../parts/field.tsx';
import { signInOperator } from '../../session/operator.ts';
import { useTexts } from '../../texts.ts';
import { signInTexts } from './sign-in.texts.ts';

/** Name and password of an operator, on the page and in the dialog over it. */
export function OperatorSignInForm({ onDone }: { readonly onDone?: () => void }) {
  const texts = useTexts(signInTexts);
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => signInOperator(name, password),
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
      {!isWrong && <FormFailure error={error} fields={['name', 'password']} />}
      <Field
        label={texts.name}
        name="name"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        value={name}
        error={ofField('name')}
        onChange={(event) => setName(event.target.value)}
      />
      <Field
        label={texts.password}
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
