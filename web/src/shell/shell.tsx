import { Link, type LinkProps, Outlet, useRouterState } from '@tanstack/react-router';
import { type ReactNode, type RefObject, useEffect, useRef, useState } from 'react';
import { Icon, type IconName } from '../parts/icon.tsx';
import { useTexts } from '../texts.ts';
import { Brand } from './brand.tsx';
import { LanguageButton, ThemeButton } from './choices.tsx';
import { shellTexts } from './shell.texts.ts';

export interface Place {
  readonly to: NonNullable<LinkProps['to']>;
  readonly name: string;
  readonly icon: IconName;
  /** Where else one is there: pages that its tabs lead to. */
  readonly also?: readonly string[];
  /** What waits there for somebody. */
  readonly waiting?: number | undefined;
  /** Those of the bar at the foot of small screens. */
  readonly isMain?: boolean;
}

export interface PlaceGroup {
  /** The first has none. */
  readonly name?: string;
  readonly places: readonly Place[];
}

interface ShellProps {
  /** The first page; the brand leads there. */
  readonly home: NonNullable<LinkProps['to']>;
  /** Beside the brand: which console this is. */
  readonly console?: string;
  readonly groups: readonly PlaceGroup[];
  /** Below the pages of the menu. */
  readonly links?: ReactNode;
  /** Who is signed in, and the way out. */
  readonly foot?: ReactNode;
  readonly children?: ReactNode;
}

/** A page starts where it is read: at its top, and the focus with it. */
function useStartOfPage(main: RefObject<HTMLElement | null>): void {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const last = useRef(path);
  useEffect(() => {
    if (last.current === path) return;
    last.current = path;
    main.current?.focus({ preventScroll: true });
  }, [main, path]);
}

/** The frame of a console: the side with its pages, a bar above and below on small screens, and the page. */
export function Shell({ home, console, groups, links, foot, children = <Outlet /> }: ShellProps) {
  const texts = useTexts(shellTexts);
  const [isOpen, setOpen] = useState(false);
  const main = useRef<HTMLElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  useStartOfPage(main);
  const close = () => {
    setOpen(false);
    opener.current?.focus();
  };
  const brand = <Brand home={home} console={console} />;
  const openMenu = () => setOpen(true);
  return (
    <>
      <a className="skip" href="#main">
        {texts.skip}
      </a>
      <div className="shell">
        <header className="topbar">
          {brand}
          <button
            className="button quiet icon-only"
            type="button"
            ref={opener}
            aria-label={texts.openMenu}
            aria-expanded={isOpen}
            onClick={openMenu}
          >
            <Icon name="menu" />
          </button>
        </header>
        <Side isOpen={isOpen} onClose={close} groups={groups} brand={brand} links={links} foot={foot} />
        <main className="main" id="main" tabIndex={-1} ref={main}>
          <div className="main-inner">{children}</div>
        </main>
        <BottomNav groups={groups} onMore={openMenu} />
      </div>
    </>
  );
}

interface SideProps extends Pick<ShellProps, 'groups' | 'links' | 'foot'> {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly brand: ReactNode;
}

/** So many pages stand in a menu with room between them, on the lowest screens too. */
const ROOMY = 12;

/** A drawer on small screens, which Escape, its cross and every choice close. */
function Side({ isOpen, onClose, groups, brand, links, foot }: SideProps) {
  const texts = useTexts(shellTexts);
  const side = useRef<HTMLElement>(null);
  const isLong = groups.reduce((sum, { places }) => sum + places.length, 0) > ROOMY;
  useEffect(() => {
    if (!isOpen) return;
    side.current?.querySelector('button')?.focus();
    const leave = ({ key }: KeyboardEvent) => {
      if (key === 'Escape') onClose();
    };
    document.addEventListener('keydown', leave);
    return () => document.removeEventListener('keydown', leave);
  }, [isOpen, onClose]);
  return (
    <aside className={`side${isOpen ? ' is-open' : ''}`} aria-label={texts.menu} ref={side}>
      {brand}
      <button
        className="side-close button quiet small icon-only"
        type="button"
        aria-label={texts.closeMenu}
        onClick={onClose}
      >
        <Icon name="x" />
      </button>
      <nav
        className={`nav${isLong ? ' is-long' : ''}`}
        aria-label={texts.pages}
        onClick={isOpen ? onClose : undefined}
      >
        {groups.map(({ name, places }, index) => (
          <Places key={name ?? index} name={name} places={places} />
        ))}
      </nav>
      {links !== undefined && <div className="side-links">{links}</div>}
      <div className="side-foot">
        {foot ?? <span />}
        <LanguageButton />
        <ThemeButton />
      </div>
    </aside>
  );
}

const Places = ({
  name,
  places,
}: {
  readonly name: string | undefined;
  readonly places: readonly Place[];
}) => (
  <>
    {name !== undefined && <p className="nav-label">{name}</p>}
    {places.map(({ name: place, waiting, ...where }) => (
      <PlaceLink key={where.to} {...where}>
        {place}
        {waiting !== undefined && waiting > 0 && <span className="count">{waiting}</span>}
      </PlaceLink>
    ))}
  </>
);

/** The first page of a console is a part of every other address. */
const exactly = (to: string) => ({ exact: to === '/portal' || to === '/admin', includeSearch: false });

/** It is marked on its own pages, and on those that belong to it. */
function PlaceLink({
  to,
  icon,
  also = [],
  children,
}: Pick<Place, 'to' | 'icon' | 'also'> & { readonly children: ReactNode }) {
  const isThere = useRouterState({
    select: ({ location: { pathname } }) =>
      also.some((path) => pathname === path || pathname.startsWith(`${path}/`)),
  });
  return (
    <Link
      to={to}
      activeOptions={exactly(to)}
      {...(isThere && { className: 'active', 'aria-current': 'page' as const })}
    >
      <Icon name={icon} />
      {children}
    </Link>
  );
}

function BottomNav({
  groups,
  onMore,
}: {
  readonly groups: readonly PlaceGroup[];
  readonly onMore: () => void;
}) {
  const texts = useTexts(shellTexts);
  return (
    <nav className="bottom-nav" aria-label={texts.mainPages}>
      {groups
        .flatMap(({ places }) => places)
        .filter(({ isMain }) => isMain)
        .map(({ name, ...where }) => (
          <PlaceLink key={where.to} {...where}>
            {name}
          </PlaceLink>
        ))}
      <button type="button" onClick={onMore}>
        <Icon name="menu" />
        {texts.more}
      </button>
    </nav>
  );
}
