import { useMutation } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { fieldErrors, hasStatus } from '../../api/failure.ts';
import { queryClient } from '../../api/queries.ts';
import { FormFailure } from '../../parts/failure.tsx';
import { Field } from '../../parts/field.tsx';
import { Card } from '../../parts/page-head.tsx';
import { say } from '../../parts/toasts.tsx';
import { proveAgain } from '../../session/person.ts';
import { useTexts } from '../../texts.ts';
import { settingsTexts } from './settings.texts.ts';

/** The end of the account: what it does, the name to be typed, and the password. */
export function DeleteCard({ username }: { readonly username: string }) {
  const texts = useTexts(settingsTexts);
  const router = useRouter();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const { mutate, error, isPending } = useMutation({
    mutationFn: async () => {
      await proveAgain(password);
      return answer(api.DELETE('/api/user/self', {}));
    },
    meta: { signsIn: true },
    onSuccess: async () => {
      say(texts.deleted);
      queryClient.clear();
      await router.navigate({ to: '/portal/sign-in' });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name === username) mutate();
  };
  const isWrong = hasStatus(error, 401);
  return (
    <Card title={texts.deleteTitle}>
      <form className="card-body" onSubmit={submit} noValidate>
        <p className="muted">{texts.deleteLead}</p>
        {!isWrong && <FormFailure error={error} fields={['password']} />}
        <div className="pair">
          <Field
            label={texts.typeName(username)}
            name="delete_name"
            autoComplete="off"
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
          <Field
            label={texts.current}
            name="delete_password"
            type="password"
            autoComplete="current-password"
            value={password}
            error={fieldErrors(error)('password') ?? (isWrong ? error.message : undefined)}
            onChange={({ target }) => setPassword(target.value)}
          />
        </div>
        <div className="actions">
          <button className="button danger" type="submit" disabled={isPending || name !== username}>
            {texts.deleteAccount}
          </button>
        </div>
      </form>
    </Card>
  );
}
