import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { useTexts } from '../texts.ts';
import { Failure } from './failure.tsx';
import { Icon } from './icon.tsx';
import { partTexts } from './parts.texts.ts';

/** What comes within this time needs no sign that it is coming. */
const SOON_MS = 200;

function Later({ children }: { readonly children: ReactNode }) {
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), SOON_MS);
    return () => clearTimeout(timer);
  }, []);
  return <div className={isLate ? '' : 'not-yet'}>{children}</div>;
}

interface LoadedProps<Data> {
  readonly query: UseQueryResult<Data>;
  /** Of the same size as what comes, so that the page holds still. */
  readonly skeleton: ReactNode;
  readonly children: (data: Data) => ReactNode;
}

/** Shows what was read; a skeleton before, the failure instead, and old data under a word that it is old. */
export function Loaded<Data>({ query, skeleton, children }: LoadedProps<Data>) {
  const texts = useTexts(partTexts);
  const { data, error, isPending, dataUpdatedAt, refetch } = query;
  if (isPending) {
    return (
      <Later>
        <div aria-busy="true">
          <span className="hidden-text">{texts.loading}</span>
          {skeleton}
        </div>
      </Later>
    );
  }
  if (data === undefined) return <Failure error={error} retry={() => void refetch()} />;
  return (
    <>
      {error && <Stale since={dataUpdatedAt} retry={() => void refetch()} />}
      {children(data)}
    </>
  );
}

function Stale({ since, retry }: { readonly since: number; readonly retry: () => void }) {
  const texts = useTexts(partTexts);
  return (
    <div className="banner warning" role="alert">
      <Icon name="alert" />
      <p>
        <strong>{texts.offline}</strong> {texts.stale(new Date(since).toLocaleTimeString('sv-SE'))}
      </p>
      <button className="button small" type="button" onClick={retry}>
        <Icon name="retry" />
        {texts.tryNow}
      </button>
    </div>
  );
}

/** Lines where text will be. */
export const SkeletonLines = ({ lines }: { readonly lines: number }) => (
  <div className="stack skeleton-lines">
    {Array.from({ length: lines }, (_, line) => (
      <span className={`skeleton${line % 3 === 2 ? ' mid' : ''}`} key={line} />
    ))}
  </div>
);
