import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { answer, api } from '../../api/client.ts';
import { queryClient } from '../../api/queries.ts';
import { FormFailure } from '../../parts/failure.tsx';
import { usePageTitle } from '../../parts/page-head.tsx';
import { linkSecret } from '../../session/link-secret.ts';
import { Gate } from '../../shell/gate.tsx';
import { useTexts } from '../../texts.ts';
import { recoverTexts } from './recover.texts.ts';

/** The page of the link that was mailed to a new address; its button alone uses it. */
export function EmailPage() {
  const texts = useTexts(recoverTexts);
  const token = linkSecret();
  const { mutate, error, isPending, isSuccess } = useMutation({
    mutationFn: () => answer(api.POST('/api/auth/email/confirm', { body: { token } })),
    onSuccess: () => queryClient.invalidateQueries(),
  });
  usePageTitle(texts.emailTitle);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    mutate();
  };
  return (
    <Gate>
      <div className="stack">
        <h1>{texts.emailTitle}</h1>
        {isSuccess ? (
          <>
            <p role="status">
              <strong>{texts.emailDone}</strong>
            </p>
            <Link className="button primary wide" to="/portal/settings">
              {texts.toSettings}
            </Link>
          </>
        ) : (
          <form className="stack" onSubmit={submit} noValidate>
            <p className="muted">{token === '' ? texts.noLink : texts.emailLead}</p>
            <FormFailure error={error} />
            <button className="button primary wide" type="submit" disabled={isPending || token === ''}>
              {texts.confirmEmail}
            </button>
          </form>
        )}
      </div>
    </Gate>
  );
}
