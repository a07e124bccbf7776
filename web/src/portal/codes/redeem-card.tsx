import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { fieldErrors } from '../../api/failure.ts';
import { queryClient } from '../../api/queries.ts';
import { FormFailure } from '../../parts/failure.tsx';
import { Field } from '../../parts/field.tsx';
import { Card } from '../../parts/page-head.tsx';
import { say } from '../../parts/toasts.tsx';
import { useTexts } from '../../texts.ts';
import { codesTexts } from './codes.texts.ts';

/** A place to type a code that somebody was given. */
export function RedeemCard() {
  const texts = useTexts(codesTexts);
  const [code, setCode] = useState('');
  const { mutate, error, isPending, reset } = useMutation({
    mutationFn: async () => (await answer(api.POST('/api/user/redeem', { body: { code } }))).data,
    onSuccess: async (grant) => {
      say(texts.redeemed(grant.usd));
      setCode('');
      // The balance, and all that is made of it.
      await queryClient.invalidateQueries();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    mutate();
  };
  return (
    <Card title={texts.title}>
      <form className="card-body" onSubmit={submit} noValidate>
        <FormFailure error={error} fields={['code']} />
        <Field
          label={texts.code}
          hint={texts.hint}
          value={code}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          error={fieldErrors(error)('code')}
          onChange={({ target }) => {
            setCode(target.value);
            if (error) reset();
          }}
        />
        <div className="actions">
          <button className="button" type="submit" disabled={isPending || code.trim() === ''}>
            {texts.redeem}
          </button>
        </div>
      </form>
    </Card>
  );
}
