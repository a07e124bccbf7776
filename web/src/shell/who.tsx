import type { ReactNode } from 'react';
import { Dialog } from '../parts/dialog.tsx';
import { Icon } from '../parts/icon.tsx';
import { useSessionEnded } from '../session/expiry.ts';
import { useTexts } from '../texts.ts';
import { shellTexts } from './shell.texts.ts';

/** Who is signed in, and the way out. */
export function SignedIn({ name, leave }: { readonly name: string; readonly leave: () => Promise<void> }) {
  const texts = useTexts(shellTexts);
  return (
    <>
      <span title={name}>{name}</span>
      <button
        className="button quiet small icon-only"
        type="button"
        aria-label={texts.signOut}
        title={texts.signOut}
        onClick={() => void leave()}
      >
        <Icon name="leave" />
      </button>
    </>
  );
}

/** The form to sign in, over the page, which keeps what was typed in it. */
export function SignInAgain({ children }: { readonly children: ReactNode }) {
  const texts = useTexts(shellTexts);
  if (!useSessionEnded()) return null;
  return (
    <Dialog title={texts.again}>
      <div className="dialog-body">
        <p className="muted">{texts.ended}</p>
        {children}
      </div>
    </Dialog>
  );
}
