import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { fieldErrors, hasStatus } from '../api/failure.ts';
import { CopyButton } from '../parts/copy.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { FormFailure } from '../parts/failure.tsx';
import { Field } from '../parts/field.tsx';
import { useTexts } from '../texts.ts';
import type { BegunTotp } from './factor-desk.ts';
import { factorTexts } from './factors.texts.ts';
import { QrCode } from './qr-code.tsx';

interface SetUpProps {
  readonly begun: BegunTotp;
  readonly confirm: (code: string) => Promise<readonly string[]>;
  readonly onDone: (codes: readonly string[]) => void;
  readonly onClose: () => void;
}

/** The secret for the app, as a picture and as text, and the first code of it. */
export function SetUp({ begun, confirm, onDone, onClose }: SetUpProps) {
  const texts = useTexts(factorTexts);
  const [code, setCode] = useState('');
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => confirm(code),
    meta: { signsIn: true },
    onSuccess: onDone,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    mutate();
  };
  const isWrong = hasStatus(error, 401);
  return (
    <Dialog title={texts.title} onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <div className="dialog-body">
          <p className="muted">{texts.scan}</p>
          {!isWrong && <FormFailure error={error} fields={['code']} />}
          <QrCode text={begun.uri} label={texts.qr} />
          <dl className="facts">
            <div>
              <dt>{texts.secret}</dt>
              <dd className="row">
                <code className="secret-text">{begun.secret.replace(/(.{4})(?=.)/g, '$1 ')}</code>
                <CopyButton text={begun.secret} />
              </dd>
            </div>
          </dl>
          <Field
            label={texts.code}
            hint={texts.codeHint}
            name="code"
            inputMode="numeric"
            autoComplete="one-time-code"
            value={code}
            error={fieldErrors(error)('code') ?? (isWrong ? error.message : undefined)}
            onChange={({ target }) => setCode(target.value)}
          />
        </div>
        <div className="dialog-foot">
          <button className="button" type="button" onClick={onClose}>
            {texts.cancel}
          </button>
          <button className="button" type="submit" disabled={isPending}>
            {texts.turnOn}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
