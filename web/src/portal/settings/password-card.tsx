import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { fieldErrors, hasStatus } from '../../api/failure.ts';
import { queryClient } from '../../api/queries.ts';
import { FormFailure } from '../../parts/failure.tsx';
import { Field } from '../../parts/field.tsx';
import { Card } from '../../parts/page-head.tsx';
import { say } from '../../parts/toasts.tsx';
import { useTexts } from '../../texts.ts';
import { settingsTexts } from './settings.texts.ts';

/** A wrong present password is a 401 of the form, not the end of the session. */
export function PasswordCard({ hasPassword }: { readonly hasPassword: boolean }) {
  const texts = useTexts(settingsTexts);
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const { mutate, error, isPending } = useMutation({
    mutationFn: () =>
      answer(api.POST('/api/auth/password', { body: { current_password: current, new_password: next } })),
    meta: { signsIn: true },
    onSuccess: async () => {
      setCurrent('');
      setNext('');
      say(texts.changed);
      await queryClient.invalidateQueries();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    mutate();
  };
  if (!hasPassword)
    return (
      <Card title={texts.password}>
        <p className="card-body muted">{texts.noPassword}</p>
      </Card>
    );
  const ofField = fieldErrors(error);
  const isWrong = hasStatus(error, 401);
  return (
    <Card title={texts.password}>
      <form className="card-body" onSubmit={submit} noValidate>
        {!isWrong && <FormFailure error={error} fields={['current_password', 'new_password']} />}
        <div className="pair">
          <Field
            label={texts.current}
            name="current_password"
            type="password"
            autoComplete="current-password"
            value={current}
            error={ofField('current_password') ?? (isWrong ? error.message : undefined)}
            onChange={({ target }) => setCurrent(target.value)}
          />
          <Field
            label={texts.next}
            hint={texts.nextHint}
            name="new_password"
            type="password"
            autoComplete="new-password"
            value={next}
            error={ofField('new_password')}
            onChange={({ target }) => setNext(target.value)}
          />
        </div>
        <div className="actions">
          <button className="button" type="submit" disabled={isPending}>
            {texts.change}
          </button>
        </div>
      </form>
    </Card>
  );
}
