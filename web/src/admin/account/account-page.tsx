import { useMutation, useSuspenseQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { fieldErrors } from '../../api/failure.ts';
import { FormFailure } from '../../parts/failure.tsx';
import { Field } from '../../parts/field.tsx';
import { Card, PageHead } from '../../parts/page-head.tsx';
import { say } from '../../parts/toasts.tsx';
import { FactorCard } from '../../factors/factor-card.tsx';
import { PasskeysCard } from '../../factors/passkeys-card.tsx';
import { operatorFactors, operatorPasskeys, operatorQuery } from '../../session/operator.ts';
import { operatorSessions } from '../../session/own-sessions.ts';
import { SessionsCard } from '../../sessions/sessions-card.tsx';
import { useTexts } from '../../texts.ts';
import { accountTexts } from './account.texts.ts';

export function AccountPage() {
  const texts = useTexts(accountTexts);
  const { data: operator } = useSuspenseQuery(operatorQuery);
  return (
    <>
      <PageHead title={texts.title} lead={texts.lead} />
      <div className="pair">
        <Card title={texts.facts}>
          <div className="card-body">
            <dl className="facts">
              <div>
                <dt>{texts.name}</dt>
                <dd>{operator.name}</dd>
              </div>
              <div>
                <dt>{texts.role}</dt>
                <dd>{operator.role}</dd>
              </div>
              <div>
                <dt>{texts.permissions}</dt>
                <dd>
                  <code>{operator.permissions.join(' ')}</code>
                </dd>
              </div>
            </dl>
          </div>
        </Card>
        <PasswordCard />
      </div>
      <FactorCard desk={operatorFactors} />
      <PasskeysCard desk={operatorPasskeys} />
      <SessionsCard desk={operatorSessions} />
    </>
  );
}

function PasswordCard() {
  const texts = useTexts(accountTexts);
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const { mutate, error, isPending } = useMutation({
    mutationFn: () =>
      answer(api.POST('/api/admin/password', { body: { current_password: current, new_password: next } })),
    onSuccess: () => {
      setCurrent('');
      setNext('');
      say(texts.changed);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    mutate();
  };
  const ofField = fieldErrors(error);
  return (
    <Card title={texts.password}>
      <form className="card-body" onSubmit={submit} noValidate>
        <FormFailure error={error} fields={['current_password', 'new_password']} />
        <Field
          label={texts.current}
          type="password"
          autoComplete="current-password"
          value={current}
          error={ofField('current_password')}
          onChange={(event) => setCurrent(event.target.value)}
        />
        <Field
          label={texts.next}
          hint={texts.nextHint}
          type="password"
          autoComplete="new-password"
          value={next}
          error={ofField('new_password')}
          onChange={(event) => setNext(event.target.value)}
        />
        <div className="actions">
          <button className="button" type="submit" disabled={isPending}>
            {texts.change}
          </button>
        </div>
      </form>
    </Card>
  );
}
