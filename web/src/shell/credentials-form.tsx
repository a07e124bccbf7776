import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { fieldErrors, hasStatus } from '../api/failure.ts';
import { FormFailure } from '../parts/failure.tsx';
import { Field } from '../parts/field.tsx';
import { useTexts } from '../texts.ts';
import { SecondStepForm } from './second-step-form.tsx';
import { shellTexts } from './shell.texts.ts';

/** Goes on with a code. */
export type SecondStep = (code: string) => Promise<void>;

interface CredentialsFormProps {
  /** What whoever signs in is known by: as the API names the field, and as people do. */
  readonly login: { readonly name: string; readonly label: string };
  /** @returns what takes the second step with a code, where one is asked for */
  readonly signIn: (login: string, password: string) => Promise<SecondStep | undefined>;
  /** Beside the label of the password. */
  readonly beside?: ReactNode;
  readonly onDone?: (() => void) | undefined;
}

/** Signs in, on a page of its own and in the dialog over another. A wrong pair is said beside the password. */
export function CredentialsForm({ login: by, signIn, beside, onDone }: CredentialsFormProps) {
  const texts = useTexts(shellTexts);
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const [finish, setFinish] = useState<SecondStep>();
  const [expired, setExpired] = useState<Error>();
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => signIn(login, password),
    meta: { signsIn: true },
    onSuccess: (secondStep) => {
      setExpired(undefined);
      if (secondStep) setFinish(() => secondStep);
      else onDone?.();
    },
  });
  const back = (failure?: Error) => {
    setPassword('');
    setExpired(failure);
    setFinish(undefined);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    mutate();
  };
  if (finish) return <SecondStepForm finish={finish} onBack={back} onDone={onDone} />;
  const ofField = fieldErrors(error);
  const isWrong = hasStatus(error, 401);
  return (
    <form className="stack" onSubmit={submit} noValidate>
      {!isWrong && <FormFailure error={error ?? expired ?? null} fields={[by.name, 'password']} />}
      <Field
        label={by.label}
        name={by.name}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        value={login}
        error={ofField(by.name)}
        onChange={(event) => setLogin(event.target.value)}
      />
      <Field
        label={texts.password}
        beside={beside}
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
