import type { UseMutationResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { FormEvent, ReactNode } from 'react';
import { FormFailure } from '../../parts/failure.tsx';
import { usePageTitle } from '../../parts/page-head.tsx';
import { linkSecret } from '../../session/link-secret.ts';
import { Gate } from '../../shell/gate.tsx';
import { useTexts } from '../../texts.ts';
import { recoverTexts } from './recover.texts.ts';

interface LinkPageProps {
  readonly title: string;
  /** What the button does. */
  readonly lead: string;
  readonly button: string;
  readonly use: Pick<UseMutationResult<unknown, Error, void>, 'mutate' | 'error' | 'isPending' | 'isSuccess'>;
  readonly done: ReactNode;
  /** Where one goes on from there. */
  readonly next: { readonly to: '/portal/sign-in' | '/portal/settings'; readonly label: string };
  /** Names of the fields that are asked for. */
  readonly fields?: readonly string[];
  readonly children?: ReactNode;
}

/** The page of a link in a mail. Only its button uses what stands behind `#`: programs open links too. */
export function LinkPage({ title, lead, button, use, done, next, fields = [], children }: LinkPageProps) {
  const texts = useTexts(recoverTexts);
  const isWhole = linkSecret() !== '';
  usePageTitle(title);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    use.mutate();
  };
  return (
    <Gate>
      <div className="stack">
        <h1>{title}</h1>
        {use.isSuccess ? (
          <>
            <p role="status">{done}</p>
            <Link className="button primary wide" to={next.to}>
              {next.label}
            </Link>
          </>
        ) : (
          <form className="stack" onSubmit={submit} noValidate>
            <p className="muted">{isWhole ? lead : texts.noLink}</p>
            <FormFailure error={use.error} fields={fields} />
            {children}
            <button className="button primary wide" type="submit" disabled={use.isPending || !isWhole}>
              {button}
            </button>
          </form>
        )}
      </div>
    </Gate>
  );
}
