import { useQuery } from '@tanstack/react-query';
import { Link, type LinkProps } from '@tanstack/react-router';
import { statusQuery } from '../api/status.ts';
import { Icon } from '../parts/icon.tsx';
import { useLanguage } from '../preferences.ts';

interface BrandProps {
  /** The first page. */
  readonly home: NonNullable<LinkProps['to']>;
  /** Beside the name: which console this is. */
  readonly console?: string | undefined;
}

/** The mark, and what the service is called by who runs it; no name before that is known. */
export function Brand({ home, console }: BrandProps) {
  const { data: status } = useQuery(statusQuery);
  return (
    <Link className="brand" to={home} title={status?.system_name}>
      <span className="brand-mark" aria-hidden="true" />
      <span className={status ? 'brand-name' : 'hidden-text'}>{status?.system_name ?? 'Counterfoil'}</span>
      {console !== undefined && <small>{console}</small>}
    </Link>
  );
}

/** What who runs the service has to say, above every page. */
export function Notice() {
  const language = useLanguage();
  const notice = useQuery(statusQuery).data?.portal.notice;
  if (!notice) return null;
  return (
    <div className="banner" role="note">
      <Icon name="info" />
      <p>{notice[language]}</p>
    </div>
  );
}

/** Terms, help, contact: whatever who runs the service links to. */
export function OwnLinks() {
  const language = useLanguage();
  const links = useQuery(statusQuery).data?.portal.links ?? [];
  return links.map(({ text, url }) => (
    <a key={url} href={url} rel="noreferrer">
      {text[language]}
    </a>
  ));
}
