import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { statusQuery } from '../api/status.ts';
import { useTexts } from '../texts.ts';
import { Brand, Notice, OwnLinks } from './brand.tsx';
import { LanguageButton, ThemeButton } from './choices.tsx';
import { shellTexts } from './shell.texts.ts';

/** What people meet before they are signed in: a sheet with its stub. */
export function Gate({ children }: { readonly children: ReactNode }) {
  const texts = useTexts(shellTexts);
  const { data: status } = useQuery(statusQuery);
  return (
    <div className="gate">
      <header className="gate-head">
        <Brand home="/portal" />
        <span className="actions">
          <LanguageButton />
          <ThemeButton />
        </span>
      </header>
      <main className="gate-sheet">
        <Notice />
        <div className="receipt">
          <div className="receipt-stub">
            <div className="stack">
              <p className="motto">{texts.motto}</p>
              <p className="muted only-wide">{texts.promise}</p>
            </div>
            <p className="receipt-no only-wide">{location.host}</p>
          </div>
          <div className="receipt-sheet">{children}</div>
        </div>
      </main>
      <footer className="gate-foot">
        <span>{status && (status.status === 'ok' ? texts.up : texts.degraded)}</span>
        <span className="actions">
          <Link to="/portal/models">{texts.prices}</Link>
          <OwnLinks />
        </span>
      </footer>
    </div>
  );
}
