import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { fieldErrors, hasStatus } from '../api/failure.ts';
import { queryClient } from '../api/queries.ts';
import { FormFailure } from '../parts/failure.tsx';
import { Field } from '../parts/field.tsx';
import { Loaded, SkeletonLines } from '../parts/loaded.tsx';
import { Card } from '../parts/page-head.tsx';
import { say } from '../parts/toasts.tsx';
import { useTexts } from '../texts.ts';
import type { BegunTotp, FactorDesk } from './factor-desk.ts';
import { factorTexts } from './factors.texts.ts';
import { RecoveryCodes } from './recovery-codes.tsx';
import { SetUp } from './set-up.tsx';

type Act = 'set-up' | 'renew' | 'remove';

interface FactorCardProps {
  readonly desk: FactorDesk;
  /** Else who sits here has signed in by something else a moment ago, or is told to. */
  readonly hasPassword?: boolean;
}

/** The authenticator and the recovery codes: how they stand, and every change of them after the password. */
export function FactorCard({ desk, hasPassword = true }: FactorCardProps) {
  const texts = useTexts(factorTexts);
  const standing = useQuery({ queryKey: desk.key, queryFn: ({ signal }) => desk.standing(signal) });
  const [begun, setBegun] = useState<BegunTotp>();
  const [codes, setCodes] = useState<readonly string[]>([]);
  const refresh = () => queryClient.invalidateQueries({ queryKey: desk.key });
  const isOn = standing.data?.enabled ?? false;
  return (
    <Card
      title={texts.title}
      aside={
        standing.data && (
          <span className={`badge ${isOn ? 'credit' : 'off'}`}>{isOn ? texts.on : texts.off}</span>
        )
      }
    >
      <Loaded query={standing} skeleton={<SkeletonLines lines={3} />}>
        {({ enabled, recovery_codes_left }) => (
          <div className="card-body">
            <p className="muted">
              {texts.lead}
              {enabled && <> {texts.codesLeft(recovery_codes_left)}</>}
            </p>
            <Acts
              desk={desk}
              hasPassword={hasPassword}
              acts={enabled ? ['renew', 'remove'] : ['set-up']}
              onBegun={setBegun}
              onCodes={setCodes}
              onDone={refresh}
            />
          </div>
        )}
      </Loaded>
      {begun && (
        <SetUp
          begun={begun}
          confirm={desk.confirm}
          onClose={() => setBegun(undefined)}
          onDone={(made) => {
            setBegun(undefined);
            setCodes(made);
            say(texts.turnedOn);
            void refresh();
          }}
        />
      )}
      {codes.length > 0 && <RecoveryCodes codes={codes} onClose={() => setCodes([])} />}
    </Card>
  );
}

interface ActsProps {
  readonly desk: FactorDesk;
  readonly hasPassword: boolean;
  readonly acts: readonly Act[];
  readonly onBegun: (begun: BegunTotp) => void;
  readonly onCodes: (codes: readonly string[]) => void;
  readonly onDone: () => Promise<void>;
}

function Acts({ desk, hasPassword, acts, onBegun, onCodes, onDone }: ActsProps) {
  const texts = useTexts(factorTexts);
  const [password, setPassword] = useState('');
  const names: Readonly<Record<Act, string>> = {
    'set-up': texts.setUp,
    renew: texts.renew,
    remove: texts.turnOff,
  };
  const { mutate, error, isPending } = useMutation({
    mutationFn: async (act: Act) => {
      if (hasPassword) await desk.prove(password);
      if (act === 'set-up') onBegun(await desk.begin());
      if (act === 'renew') onCodes(await desk.renew());
      if (act !== 'remove') return;
      await desk.remove();
      say(texts.turnedOff);
    },
    meta: { signsIn: true },
    onSuccess: () => {
      setPassword('');
      return onDone();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (acts[0]) mutate(acts[0]);
  };
  const isWrong = hasStatus(error, 401);
  return (
    <form className="stack" onSubmit={submit} noValidate>
      {!isWrong && <FormFailure error={error} fields={['password']} />}
      {hasPassword && (
        <div className="pair">
          <Field
            label={texts.password}
            name="factor_password"
            type="password"
            autoComplete="current-password"
            value={password}
            error={fieldErrors(error)('password') ?? (isWrong ? error.message : undefined)}
            onChange={({ target }) => setPassword(target.value)}
          />
        </div>
      )}
      <div className="actions">
        {acts.map((act, index) => (
          <button
            key={act}
            className={`button${act === 'set-up' ? ' primary' : ''}${act === 'remove' ? ' danger' : ''}`}
            type={index === 0 ? 'submit' : 'button'}
            disabled={isPending}
            onClick={index === 0 ? undefined : () => mutate(act)}
          >
            {names[act]}
          </button>
        ))}
      </div>
    </form>
  );
}
