import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { fieldErrors, hasStatus } from '../../api/failure.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { FormFailure } from '../../parts/failure.tsx';
import { Field } from '../../parts/field.tsx';
import { answerProof, useProofAsked } from '../../session/fresh-proof.ts';
import { proveOperator } from '../../session/operator.ts';
import { useTexts } from '../../texts.ts';
import { proofTexts } from './fresh-proof.texts.ts';

/** The password again, over the page and what is open in it. */
export function FreshProof() {
  return useProofAsked() ? <ProofDialog /> : null;
}

function ProofDialog() {
  const texts = useTexts(proofTexts);
  const [password, setPassword] = useState('');
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => proveOperator(password),
    meta: { signsIn: true },
    onSuccess: () => answerProof(true),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    mutate();
  };
  const isWrong = hasStatus(error, 401);
  const leave = () => answerProof(false);
  return (
    <Dialog title={texts.title} onClose={leave}>
      <form onSubmit={submit} noValidate>
        <div className="dialog-body">
          <p className="muted">{texts.lead}</p>
          {!isWrong && <FormFailure error={error} fields={['password']} />}
          <Field
            label={texts.password}
            name="proof_password"
            type="password"
            autoComplete="current-password"
            value={password}
            error={fieldErrors(error)('password') ?? (isWrong ? error.message : undefined)}
            onChange={({ target }) => setPassword(target.value)}
          />
        </div>
        <div className="dialog-foot">
          <button className="button" type="button" onClick={leave}>
            {texts.cancel}
          </button>
          <button className="button primary" type="submit" disabled={isPending}>
            {texts.goOn}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
