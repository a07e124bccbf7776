import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, type LinkProps } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { fieldErrors } from '../../api/failure.ts';
import { FormFailure } from '../../parts/failure.tsx';
import { Field } from '../../parts/field.tsx';
import { Loaded, SkeletonLines } from '../../parts/loaded.tsx';
import { usePageTitle } from '../../parts/page-head.tsx';
import { linkSecret } from '../../session/link-secret.ts';
import { operatorQuery } from '../../session/operator.ts';
import { Gate } from '../../shell/gate.tsx';
import { useTexts } from '../../texts.ts';
import { setupTexts } from './setup.texts.ts';

/** The first admin, by the link that a start prints; then what to do first. */
export function SetupPage() {
  const texts = useTexts(setupTexts);
  const [isDone, setDone] = useState(false);
  usePageTitle(texts.title);
  const setup = useQuery({
    queryKey: ['setup'],
    queryFn: async ({ signal }) => (await answer(api.GET('/api/admin/setup', { signal }))).data,
  });
  return (
    <Gate>
      <div className="stack">
        <h1>{isDone ? texts.done : texts.title}</h1>
        {isDone ? (
          <FirstSteps />
        ) : (
          <Loaded query={setup} skeleton={<SkeletonLines lines={6} />}>
            {({ open, timezone }) =>
              open ? <FirstAdmin timezone={timezone} onDone={() => setDone(true)} /> : <Closed />
            }
          </Loaded>
        )}
      </div>
    </Gate>
  );
}

function Closed() {
  const texts = useTexts(setupTexts);
  return (
    <>
      <p>{texts.closed}</p>
      <p>
        <Link className="button primary" to="/admin/sign-in">
          {texts.signIn}
        </Link>
      </p>
    </>
  );
}

interface FirstAdminProps {
  /** In which days begin: it stays for ever. */
  readonly timezone: string;
  readonly onDone: () => void;
}

function FirstAdmin({ timezone, onDone }: FirstAdminProps) {
  const texts = useTexts(setupTexts);
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const { mutate, error, isPending } = useMutation({
    mutationFn: async () =>
      (
        await answer(
          api.POST('/api/admin/setup', { body: { token: linkSecret(), name: name.trim(), password } }),
        )
      ).data,
    meta: { signsIn: true },
    onSuccess: (operator) => {
      queries.setQueryData(operatorQuery.queryKey, operator);
      onDone();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    mutate();
  };
  const errorOf = fieldErrors(error);
  return (
    <form className="stack" onSubmit={submit} noValidate>
      <p className="muted">{texts.lead}</p>
      <FormFailure error={error} fields={['name', 'password']} />
      <Field
        label={texts.name}
        name="name"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        value={name}
        error={errorOf('name')}
        onChange={({ target }) => setName(target.value)}
      />
      <Field
        label={texts.password}
        hint={texts.passwordHint}
        name="password"
        type="password"
        autoComplete="new-password"
        value={password}
        error={errorOf('password')}
        onChange={({ target }) => setPassword(target.value)}
      />
      <p className="small muted">{texts.zone(timezone)}</p>
      <button className="button primary wide" type="submit" disabled={isPending}>
        {texts.create}
      </button>
    </form>
  );
}

const places: readonly NonNullable<LinkProps['to']>[] = [
  '/admin/channels/new',
  '/admin/prices',
  '/admin/service-keys',
];

/** From nothing to the first call that is paid for. */
function FirstSteps() {
  const texts = useTexts(setupTexts);
  return (
    <>
      <p className="muted">{texts.next}</p>
      <ol className="checklist">
        {places.map((to, index) => (
          <li key={to}>
            <Link to={to}>{texts.steps[index]}</Link>
          </li>
        ))}
      </ol>
      <Link className="button" to="/admin">
        {texts.toOverview}
      </Link>
    </>
  );
}
