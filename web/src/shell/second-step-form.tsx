import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ApiFailure, fieldErrors, hasStatus } from '../api/failure.ts';
import { FormFailure } from '../parts/failure.tsx';
import { Field } from '../parts/field.tsx';
import { useTexts } from '../texts.ts';
import { shellTexts } from './shell.texts.ts';

interface SecondStepFormProps {
  readonly finish: (code: string) => Promise<void>;
  /** To the password again: asked, or because it took too long. */
  readonly onBack: (failure?: Error) => void;
  readonly onDone?: (() => void) | undefined;
}

/** What is asked for after the password: a code of the authenticator, or a recovery code. */
export function SecondStepForm({ finish, onBack, onDone }: SecondStepFormProps) {
  const texts = useTexts(shellTexts);
  const [code, setCode] = useState('');
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => finish(code),
    meta: { signsIn: true },
    onError: (failure) => {
      if (failure instanceof ApiFailure && failure.facts.code === 'sign_in_expired') onBack(failure);
    },
    ...(onDone && { onSuccess: onDone }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    mutate();
  };
  const isWrong = hasStatus(error, 401);
  return (
    <form className="stack" onSubmit={submit} noValidate>
      {!isWrong && <FormFailure error={error} fields={['code']} />}
      <Field
        label={texts.code}
        hint={texts.codeHint}
        name="code"
        autoComplete="one-time-code"
        autoCapitalize="characters"
        spellCheck={false}
        // Whoever has just given the password types on.
        autoFocus
        value={code}
        error={fieldErrors(error)('code') ?? (isWrong ? error.message : undefined)}
        onChange={({ target }) => setCode(target.value)}
      />
      <button className="button primary wide" type="submit" disabled={isPending}>
        {texts.signIn}
      </button>
      <button className="button quiet wide" type="button" onClick={() => onBack()}>
        {texts.back}
      </button>
    </form>
  );
}
