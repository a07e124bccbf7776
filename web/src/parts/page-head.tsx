import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import { statusQuery } from '../api/status.ts';

interface PageHeadProps {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly crumb?: ReactNode;
  readonly actions?: ReactNode;
}

/** Names the page, in the window too. */
export function usePageTitle(title: string): void {
  const { data: status } = useQuery(statusQuery);
  const name = status?.system_name ?? 'Counterfoil';
  useEffect(() => {
    document.title = `${title} · ${name}`;
  }, [title, name]);
}

/** The head of a page: its question, and what can be done. */
export function PageHead({ title, lead, crumb, actions }: PageHeadProps) {
  usePageTitle(title);
  return (
    <header className="page-head">
      <div>
        {crumb}
        <h1>{title}</h1>
        {lead !== undefined && <p>{lead}</p>}
      </div>
      {actions !== undefined && <div className="actions">{actions}</div>}
    </header>
  );
}

interface CardProps {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly foot?: ReactNode;
  readonly children: ReactNode;
}

/** A sheet with a heading. What it holds brings its own margins: `card-body`, a table. */
export const Card = ({ title, aside, foot, children }: CardProps) => (
  <section className="card">
    <div className="card-head">
      <h2>{title}</h2>
      {aside}
    </div>
    {children}
    {foot !== undefined && <div className="card-foot">{foot}</div>}
  </section>
);
